import { computed, ref, watch } from 'vue'
import { useLoad } from '@/composables/useLoad'
import { go } from '@/platform/navigate'
import { keep, recall } from '@/platform/storage'
import { say, sayProblem } from '@/state/notice'
import { isSignedIn } from '@/state/session'
import { t } from '@/state/text'
import { readHalls, readTopics, takeTicket } from './appointmentsCall'
import type { Hall, Topic } from './appointmentsCall'

const KEPT = 'matters.used.topic'

/** Halls for what somebody comes for, the shortest wait first. */
export function useHalls() {
  const topic = ref(recall<string>(KEPT) ?? '')
  const topics = useLoad<Topic[]>(readTopics, () => 'topics')
  const halls = useLoad<Hall[]>(
    () => readHalls(topic.value),
    () => `halls.${topic.value}`,
  )
  const busy = ref('')
  const sorted = computed(() => [...(halls.value.value ?? [])].sort((one, other) => one.estimate.high - other.estimate.high || one.waiting - other.waiting))

  watch(topic, () => {
    keep(KEPT, topic.value)
    void halls.reload()
  })

  const reload = (): Promise<unknown> => Promise.all([topics.reload(), halls.reload()])

  async function ticket(hall: Hall): Promise<void> {
    if (!isSignedIn.value) return go('signIn')
    if (busy.value) return
    busy.value = hall.office_code
    try {
      const taken = await takeTicket(hall.office_code, topic.value || 'general')
      say(t('ticket.ahead', { count: taken.ahead }))
      go('appointments')
    } catch (failure) {
      sayProblem(failure)
    } finally {
      busy.value = ''
    }
  }

  return { topic, topics, halls, sorted, busy, reload, ticket }
}
