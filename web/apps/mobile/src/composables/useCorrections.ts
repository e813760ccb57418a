import { computed, onUnmounted, ref } from 'vue'
import type { Ref } from 'vue'
import { say, sayProblem } from '@/state/notice'
import { enqueue, queueTurns, rebase, send, waitingFor } from '@/state/corrections'
import type { Correction, Draft } from '@/state/corrections'
import { t } from '@/state/text'

/** One field that two phones changed: mine waits here, theirs is on the server. */
export interface Conflict {
  field: string
  mine: Correction
  theirs: Draft['fields'][number]
}

/** Phones are often "online" without a way through: what waits is tried again this often, milliseconds. */
const TRY_AGAIN_MS = 5000

/** Correcting fields of a draft: kept on the phone first, sent when there is a network, asked when two phones disagree. */
export function useCorrections(draft: Ref<Draft | null>, take: (fresh: Draft) => void) {
  const isSending = ref(false)
  const conflicts = ref<Conflict[]>([])
  const waiting = computed(() => (queueTurns.value >= 0 && draft.value ? waitingFor(draft.value.draft_id) : null))
  const isWaiting = computed(() => waiting.value !== null)
  const waitingValue = (field: string): Correction | null => waiting.value?.corrections.find((one) => one.field === field) ?? null

  const retry = setInterval(() => {
    if (isWaiting.value && !conflicts.value.length) void sendNow()
  }, TRY_AGAIN_MS)
  onUnmounted(() => clearInterval(retry))

  async function correct(correction: Correction): Promise<void> {
    if (!draft.value) return
    enqueue(draft.value.draft_id, draft.value.version, correction)
    await sendNow()
  }

  async function sendNow(): Promise<void> {
    if (!draft.value || isSending.value) return
    isSending.value = true
    try {
      const sent = await send(draft.value.draft_id)
      if (sent.outcome === 'sent') arrived(sent.draft)
      if (sent.outcome === 'refused') sayProblem(sent.failure)
      if (sent.outcome === 'changed') compare(sent.draft)
    } catch (failure) {
      sayProblem(failure)
    } finally {
      isSending.value = false
    }
  }

  function arrived(fresh: Draft): void {
    take(fresh)
    say(t('return.saved'))
  }

  /** Only fields on which the two really differ are asked about; the rest is simply sent on top. */
  function compare(fresh: Draft): void {
    const mine = waitingFor(fresh.draft_id)?.corrections ?? []
    const differing = mine.flatMap((correction) => {
      const theirs = fresh.fields.find((field) => field.code === correction.field)
      return theirs?.is_corrected && theirs.value_fen !== correction.value_fen
        ? [{ field: correction.field, mine: correction, theirs }]
        : []
    })
    rebase(fresh.draft_id, fresh.version, mine)
    take(fresh)
    conflicts.value = differing
    if (!differing.length) setTimeout(() => void sendNow())
  }

  /** Ends a disagreement: mine is sent again on top, theirs drops what waited. */
  async function settle(conflict: Conflict, choice: 'mine' | 'theirs'): Promise<void> {
    conflicts.value = conflicts.value.filter((one) => one.field !== conflict.field)
    const current = draft.value
    if (current && choice === 'theirs') {
      const kept = waitingFor(current.draft_id)?.corrections.filter((one) => one.field !== conflict.field) ?? []
      rebase(current.draft_id, current.version, kept)
    }
    if (!conflicts.value.length) await sendNow()
  }

  return { isSending, isWaiting, conflicts, waitingValue, correct, sendNow, settle }
}
