import { computed, ref } from 'vue'
import { api } from '@/state/api'
import { say } from '@/state/notice'
import { problemWords } from '@/state/problems'
import { t } from '@/state/text'
import { useCountdown } from './useSignIn'

/** Binding an e-mail address by a code that goes there. */
export function useMail(bound: () => void) {
  const address = ref('')
  const code = ref('')
  const problem = ref('')
  const isSent = ref(false)
  const isBusy = ref(false)
  const countdown = useCountdown()
  const plain = computed(() => address.value.trim())
  const isAddress = computed(() => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(plain.value))

  async function doing(act: () => Promise<void>): Promise<void> {
    if (isBusy.value) return
    isBusy.value = true
    problem.value = ''
    try {
      await act()
    } catch (failure) {
      const words = problemWords(failure)
      problem.value = [words.text, words.hint].filter(Boolean).join(' ')
    } finally {
      isBusy.value = false
    }
  }

  async function send(): Promise<void> {
    if (countdown.left.value > 0) return
    if (!isAddress.value) return void (problem.value = t('notices.mail_wrong'))
    await doing(async () => {
      const sent = await api.call('post', '/api/identity/mail-codes', { body: { address: plain.value } })
      countdown.start(sent.resend_in_seconds)
      isSent.value = true
      say(t('notices.mail_sent'))
    })
  }

  const confirm = (): Promise<void> =>
    doing(async () => {
      await api.call('post', '/api/identity/mail-addresses', { body: { address: plain.value, code: code.value } })
      say(t('notices.mail_bound'))
      bound()
    })

  return { address, code, problem, isSent, isBusy, isAddress, left: countdown.left, send, confirm }
}
