import { ref } from 'vue'
import { useLoad } from '@/composables/useLoad'
import { loose } from '@/state/matters'
import { say, sayProblem } from '@/state/notice'
import { hat } from '@/state/session'
import { t } from '@/state/text'

/** A complaint as its person sees it, until the API document names it. */
export interface Complaint {
  complaint_id: string
  complaint_no: string
  title: string
  title_en: string
  about: string
  facts: string
  state: string
  state_name: string
  state_name_en: string
  filed_at: string
  accept_by_on: string
  accepted_at: string | null
  due_on: string | null
  refusal: string
  answer: string
  answered_at: string | null
  is_satisfied: boolean | null
  may_withdraw: boolean
  may_say_satisfied: boolean
}

const ROOT = '/api/complaints/complaints'

/** What I complained of or suggested: where it stands, the answer, and whether it contents me. */
export function useComplaints() {
  const list = useLoad<Complaint[]>(
    () => loose.call('get', ROOT),
    () => `complaints.${hat.value?.hat_id ?? ''}`,
  )
  const busy = ref('')

  async function act(one: Complaint, path: string, body: unknown, words: string): Promise<void> {
    if (busy.value) return
    busy.value = one.complaint_id
    try {
      await loose.call('post', `${ROOT}/{id}/${path}`, { path: { id: one.complaint_id }, body })
      say(words)
      await list.reload()
    } catch (failure) {
      sayProblem(failure)
    } finally {
      busy.value = ''
    }
  }

  const content = (one: Complaint, is_satisfied: boolean): Promise<void> =>
    act(one, 'satisfaction', { is_satisfied, text: '' }, t('complaints.thanks'))
  const withdraw = (one: Complaint): Promise<void> => act(one, 'withdrawal', { reason: '' }, t('complaints.withdrawn'))

  return { list, busy, content, withdraw }
}
