import { computed, ref } from 'vue'
import { ApiError } from '@palmtax/api'
import type { Schemas } from '@palmtax/api'
import { go, replace } from '@/platform/navigate'
import { keep } from '@/platform/storage'
import { api } from '@/state/api'
import { isOnline } from '@/state/network'
import { say, sayProblem } from '@/state/notice'
import { problemCode } from '@/state/problems'
import { hat } from '@/state/session'
import { submitOnce, unansweredSubmission } from '@/state/submission'
import { t } from '@/state/text'
import { isTurnedAway } from '@/state/waiting'
import { useCorrections } from './useCorrections'
import { useLoad } from './useLoad'

export type Draft = Schemas['DraftOut']
export type DraftField = Schemas['DraftField']

/** Which draft a screen is about: begun already, or the one of a tax and period. */
export interface DraftPlace {
  draftId: string
  tax: string
  period: string
}

const GROUPS: DraftField['group'][] = ['sales', 'relief', 'tax', 'surcharges']

/** The return on the screen: the draft, its corrections, its problems, and submitting it once. */
export function useReturn(place: DraftPlace) {
  const keptAs = (): string => `draft.${hat.value?.hat_id ?? ''}.${place.period || place.draftId}`
  const draft = useLoad<Draft>(() => readDraft(place), keptAs)
  const corrections = useCorrections(draft.value, (fresh) => {
    draft.value.value = fresh
    keep(`seen.${keptAs()}`, fresh)
  })
  const submission = useSubmission(draft.value, corrections.isWaiting)

  const groups = computed(() =>
    GROUPS.map((name) => ({ name, fields: draft.value.value?.fields.filter((field) => field.group === name) ?? [] })).filter(
      (group) => group.fields.length > 0,
    ),
  )
  const problems = computed(() => draft.value.value?.problems ?? [])
  const isBlocked = computed(() => problems.value.some((problem) => problem.is_blocking))

  async function load(): Promise<void> {
    await draft.reload()
    if (draft.problem.value === null) await corrections.sendNow()
  }

  return { draft, groups, problems, isBlocked, corrections, submission, load }
}

async function readDraft(place: DraftPlace): Promise<Draft> {
  if (place.draftId) {
    return api.call('get', '/api/filing/drafts/{draft_id}', { path: { draft_id: place.draftId } })
  }
  const body = { tax_type_code: place.tax as 'vat_small_scale', period: place.period }
  const begun = await api.call('post', '/api/filing/drafts', { body })
  place.draftId = begun.draft_id
  return begun
}

function useSubmission(draft: { value: Draft | null }, isWaiting: { value: boolean }) {
  const isBusy = ref(false)
  /** An act whose answer never came: it may have been taken. */
  const isUnanswered = ref(false)

  function look(): void {
    isUnanswered.value = !!draft.value && unansweredSubmission(draft.value.draft_id) !== null
  }

  async function submit(): Promise<void> {
    if (!draft.value || isBusy.value) return
    if (isWaiting.value || !isOnline.value) {
      say(t('return.submit_offline'), true)
      return
    }
    const { draft_id, version, result } = draft.value
    const body = unansweredSubmission(draft_id) ?? { draft_id, version, confirmed_due_now_fen: result.due_now_fen }
    isBusy.value = true
    try {
      leaveFor(await submitOnce(body))
    } catch (failure) {
      afterFailure(failure)
    } finally {
      isBusy.value = false
    }
  }

  function afterFailure(failure: unknown): void {
    const noAnswer = failure instanceof ApiError && (failure.isOffline || failure.status >= 500) && !isTurnedAway(failure)
    isUnanswered.value = noAnswer
    if (!noAnswer) sayProblem(failure)
  }

  return { isBusy, isUnanswered, look, submit }
}

function leaveFor(accepted: Schemas['ReturnOut']): void {
  const owes = accepted.payment_state === 'unpaid' || accepted.payment_state === 'paying'
  replace(owes ? 'pay' : 'done', { return_id: accepted.return_id })
}

/** Begins the correction of a filed return, and opens it. */
export async function beginAmendment(returnId: string): Promise<void> {
  try {
    const draft = await api.call('post', '/api/filing/returns/{return_id}/amendment', { path: { return_id: returnId } })
    go('return', { draft_id: draft.draft_id, period: `${draft.period}.amendment` })
  } catch (failure) {
    sayProblem(failure)
  }
}

export { problemCode }
