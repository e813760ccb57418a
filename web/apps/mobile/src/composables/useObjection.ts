import { ref } from 'vue'
import { api } from '@/state/api'
import { sayProblem } from '@/state/notice'

/** What one can say to a message of a campaign: no more of this kind, or a complaint. */
export function useObjection(message_id: string) {
  const path = { message_id }
  const words = ref('')
  const done = ref<'' | 'ended' | 'complained'>('')
  const isBusy = ref(false)

  async function run(what: 'ended' | 'complained', work: () => Promise<unknown>): Promise<void> {
    isBusy.value = true
    try {
      await work()
      done.value = what
    } catch (failure) {
      sayProblem(failure)
    } finally {
      isBusy.value = false
    }
  }
  const end = (): Promise<void> => run('ended', () => api.call('post', '/api/messaging/messages/{message_id}/unsubscription', { path }))
  const complain = (): Promise<void> =>
    run('complained', () => api.call('post', '/api/messaging/messages/{message_id}/complaint', { path, body: { words: words.value.trim() } }))

  return { words, done, isBusy, end, complain }
}
