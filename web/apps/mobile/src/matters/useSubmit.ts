import { ref } from 'vue'
import type { Ref } from 'vue'
import { ApiError } from '@palmtax/api'
import type { Application } from '@palmtax/flow'
import { useSecondFactor } from '@/composables/useSecondFactor'
import { replace } from '@/platform/navigate'
import { checkApplication, submitApplication } from '@/state/matters'
import { isOnline } from '@/state/network'
import { say, sayProblem } from '@/state/notice'
import { actOnce, unanswered } from '@/state/once'
import { problemCode } from '@/state/problems'
import { t } from '@/state/text'
import { isTurnedAway } from '@/state/waiting'

interface Body {
  version: number
}

/** Submitting once: under a kept key, with a second proof where it is wanted, safe against a lost answer and a double tap. */
export function useSubmit(place: { id: string }, shown: Ref<Application | null>, flush: () => Promise<boolean>, take: (fresh: Application) => void) {
  const isBusy = ref(false)
  /** An act whose answer never came: it may have been taken. */
  const isUnanswered = ref(false)
  const factor = useSecondFactor()
  const name = (): string => `submit.${place.id}`

  function look(): void {
    isUnanswered.value = unanswered<Body>(name()) !== null
  }

  async function submit(): Promise<void> {
    if (!shown.value || isBusy.value) return
    if (!isOnline.value) {
      say(t('fill.submit_offline'), true)
      return
    }
    isBusy.value = true
    try {
      if (!isUnanswered.value && !(await flush())) {
        say(t('fill.submit_offline'), true)
        return
      }
      await factor.guard(send)
    } catch (failure) {
      await afterFailure(failure)
    } finally {
      isBusy.value = false
    }
  }

  async function send(): Promise<void> {
    const body = unanswered<Body>(name()) ?? { version: shown.value!.version }
    const accepted = await actOnce(name(), body, ({ version }, key) =>
      submitApplication(place.id, { version, idempotency_key: key, is_confirmed: true }),
    )
    isUnanswered.value = false
    take(accepted)
    replace('application', { id: accepted.application_id, fresh: 1 })
  }

  async function afterFailure(failure: unknown): Promise<void> {
    const noAnswer = failure instanceof ApiError && (failure.isOffline || failure.status >= 500) && !isTurnedAway(failure)
    isUnanswered.value = noAnswer && unanswered<Body>(name()) !== null
    if (noAnswer) return
    sayProblem(failure)
    if (['matters.incomplete', 'matters.version_conflict'].includes(problemCode(failure))) await check()
  }

  /** Asks the server what is missing, so that it stands beside each question. */
  async function check(): Promise<boolean> {
    try {
      const checked = await checkApplication(place.id)
      take(checked)
      return checked.problems.length === 0
    } catch {
      return true
    }
  }

  return { isBusy, isUnanswered, factor, look, submit, check }
}

export type Submit = ReturnType<typeof useSubmit>
