import { computed, ref } from 'vue'
import type { Ref } from 'vue'
import { askBefore, askOf, nextAsk, openFault, papersLeft, papersOf, stageOf } from '@palmtax/flow'
import type { Application, Stage } from '@palmtax/flow'

/** One question at a time: which one, on, back, over to the papers and to the look at everything. */
export function useWalk(shown: Ref<Application | null>, isWaiting: Ref<boolean>, flush: () => Promise<boolean>) {
  const stage = ref<Stage | null>(null)
  const at = ref<string | null>(null)
  const isTried = ref(false)
  const isBusy = ref(false)
  const skipped = ref<string[]>([])
  /** A question opened from the look at everything leads back to it. */
  const isVisit = ref(false)
  const ask = computed(() => (shown.value && at.value ? askOf(shown.value, at.value) : null))
  const before = computed(() => (shown.value ? askBefore(shown.value, at.value) : null))

  /** Begins where the application stands, or at the question that was named; later only leaves a question that is gone. */
  function begin(code = '', wanted = ''): void {
    const application = shown.value
    if (!application) return
    if (stage.value) {
      if (stage.value === 'asks' && !ask.value?.is_shown) settleAt()
      return
    }
    if (code && askOf(application, code)?.is_shown) visit(code)
    else if (wanted === 'papers' || wanted === 'review') stage.value = wanted
    else settleAt()
  }

  function settleAt(): void {
    const application = shown.value!
    stage.value = stageOf(application, isWaiting.value, skipped.value)
    at.value = stage.value === 'asks' ? (nextAsk(application, isWaiting.value, skipped.value)?.code ?? null) : null
    isTried.value = false
  }

  function visit(code: string): void {
    isVisit.value = true
    stage.value = 'asks'
    at.value = code
    isTried.value = false
  }

  /** On, when the answer is right. Without a network the phone decides by what it last knew. */
  async function forward(fault: unknown): Promise<void> {
    const current = ask.value
    isTried.value = true
    if (!current || fault || openFault(current, current.value) || isBusy.value) return
    isBusy.value = true
    try {
      await flush()
    } finally {
      isBusy.value = false
    }
    const fresh = shown.value && askOf(shown.value, current.code)
    if (fresh && !openFault(fresh, fresh.value) && !fresh.problem) leave(current.code)
  }

  function skip(): void {
    if (at.value) leave(at.value)
  }

  function leave(code: string): void {
    const application = shown.value!
    if (askOf(application, code)?.is_optional) skipped.value = [...skipped.value, code]
    const wasVisit = isVisit.value
    isVisit.value = false
    settleAt()
    if (wasVisit && stage.value === 'papers') stage.value = 'review'
  }

  function back(): void {
    const application = shown.value
    if (!application) return
    isTried.value = false
    if (isVisit.value) {
      isVisit.value = false
      stage.value = 'review'
      return
    }
    if (stage.value === 'review' && papersOf(application).length) {
      stage.value = 'papers'
      at.value = null
      return
    }
    const previous = askBefore(application, stage.value === 'asks' ? at.value : null)
    if (!previous) return
    stage.value = 'asks'
    at.value = previous.code
  }

  /** From the papers to the look at everything; what is missing is named there too. */
  function toReview(): void {
    stage.value = 'review'
    at.value = null
  }

  const isPapersDone = computed(() => (shown.value ? papersLeft(shown.value).length === 0 : false))
  return { stage, at, ask, before, isTried, isBusy, isVisit, isPapersDone, begin, visit, forward, skip, back, toReview }
}

export type Walk = ReturnType<typeof useWalk>
