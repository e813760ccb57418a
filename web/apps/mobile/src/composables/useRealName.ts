import { computed, reactive, ref } from 'vue'
import { back } from '@/platform/navigate'
import { api } from '@/state/api'
import { say } from '@/state/notice'
import { problemWords } from '@/state/problems'
import { changeMe } from '@/state/session'
import { t } from '@/state/text'

/** The real-name check; what is typed is sent once and kept nowhere. */
export function useRealName() {
  const form = reactive({ name: '', number: '' })
  const isTried = ref(false)
  const isBusy = ref(false)
  const refusal = ref('')
  const problems = computed(() => ({
    name: form.name.trim().length >= 2 ? '' : t('grant.name_wrong'),
    number: /^\d{17}[\dXx]$/.test(form.number) ? '' : t('real_name.number_wrong'),
  }))
  const shown = computed(() => (isTried.value ? problems.value : { name: '', number: '' }))

  async function check(): Promise<void> {
    isTried.value = true
    refusal.value = ''
    if (isBusy.value || Object.values(problems.value).some(Boolean)) return
    isBusy.value = true
    try {
      const body = { name: form.name.trim(), resident_id: form.number.toUpperCase() }
      changeMe(await api.call('post', '/api/identity/real-name', { body }))
      say(t('real_name.done'))
      back()
    } catch (failure) {
      const words = problemWords(failure)
      refusal.value = [words.text, words.hint].filter(Boolean).join(' ')
    } finally {
      isBusy.value = false
    }
  }

  return { form, shown, isBusy, refusal, check }
}
