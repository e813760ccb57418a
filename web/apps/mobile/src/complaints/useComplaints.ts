import { ref } from 'vue'
import type { Answer } from '@palmtax/api'
import { useLoad } from '@/composables/useLoad'
import { api } from '@/state/api'
import { say, sayProblem } from '@/state/notice'
import { hat } from '@/state/session'
import { t } from '@/state/text'

/** A complaint as its person sees it; its steps come when it is opened. */
export type Complaint = Answer<'/api/complaints/complaints', 'get'>[number]

const ONE = '/api/complaints/complaints/{complaint_id}'

/** What I complained of: where it stands, what happened, the answer, and whether it contents me. */
export function useComplaints() {
  const list = useLoad<Complaint[]>(
    () => api.call('get', '/api/complaints/complaints', { query: {} }),
    () => `complaints.${hat.value?.hat_id ?? ''}`,
  )
  const busy = ref('')
  const opened = ref('')

  function put(now: Complaint): void {
    list.value.value = (list.value.value ?? []).map((one) => (one.complaint_id === now.complaint_id ? now : one))
  }

  /** Opens what happened to one, or folds it. */
  async function open(complaint_id: string): Promise<void> {
    opened.value = opened.value === complaint_id ? '' : complaint_id
    if (opened.value) await read(complaint_id)
  }
  const read = (complaint_id: string): Promise<void> => api.call('get', ONE, { path: { complaint_id } }).then(put, sayProblem)

  async function reload(): Promise<void> {
    await list.reload()
    if (opened.value) await read(opened.value)
  }

  async function act(complaint_id: string, work: () => Promise<Complaint>, words: string): Promise<void> {
    if (busy.value) return
    busy.value = complaint_id
    try {
      put(await work())
      opened.value = complaint_id
      say(words)
    } catch (failure) {
      sayProblem(failure)
      await list.reload()
    } finally {
      busy.value = ''
    }
  }

  function content(complaint_id: string, is_satisfied: boolean, text: string): Promise<void> {
    const send = (): Promise<Complaint> => api.call('post', `${ONE}/satisfaction`, { path: { complaint_id }, body: { is_satisfied, text } })
    return act(complaint_id, send, t(is_satisfied ? 'complaints.thanks' : 'complaints.again_told'))
  }
  function withdraw(complaint_id: string, reason: string): Promise<void> {
    const send = (): Promise<Complaint> => api.call('post', `${ONE}/withdrawal`, { path: { complaint_id }, body: { reason } })
    return act(complaint_id, send, t('complaints.withdrawn'))
  }

  return { list, busy, opened, open, reload, content, withdraw }
}
