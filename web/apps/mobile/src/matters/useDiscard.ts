import { ref } from 'vue'
import { replace } from '@/platform/navigate'
import { forgetAnswers } from '@/state/answers'
import { discardApplication } from '@/state/matters'
import { say, sayProblem } from '@/state/notice'
import { t } from '@/state/text'

/** Throwing a draft away, after the consequence was said; it can be had back for thirty days. */
export function useDiscard(place: { id: string }) {
  const isEnding = ref(false)
  const isDropping = ref(false)

  async function discard(): Promise<void> {
    if (isDropping.value) return
    isDropping.value = true
    try {
      await discardApplication(place.id)
      forgetAnswers(place.id)
      say(t('fill.discarded'))
      replace('applications', { group: 'drafts' })
    } catch (failure) {
      sayProblem(failure)
    } finally {
      isDropping.value = false
    }
  }

  return { isEnding, isDropping, discard }
}
