import { computed, onUnmounted, reactive, ref } from 'vue'
import { overlay } from '@palmtax/flow'
import type { Application, Clash, Fault, Value } from '@palmtax/flow'
import { useLoad } from '@/composables/useLoad'
import { keep } from '@/platform/storage'
import { answerTurns, enqueue, forgetAnswers, letGo, send, waitingFor } from '@/state/answers'
import { readApplication } from '@/state/matters'
import { say } from '@/state/notice'
import { problemWords } from '@/state/problems'
import { t } from '@/state/text'

/** Saved after so long a pause in the typing. */
const PAUSE_MS = 700
/** Phones are often "online" without a way through: what waits is tried again this often, milliseconds. */
const TRY_AGAIN_MS = 5000

/** One application on the screen: what the server has, with what waits on this phone over it; saved by itself. */
export function useApplication(place: { id: string }) {
  const keptAs = (): string => `application.${place.id}`
  const load = useLoad<Application>(() => readApplication(place.id), keptAs)
  const server = load.value
  const waiting = computed(() => (answerTurns.value >= 0 && place.id ? waitingFor(place.id) : null))
  const isWaiting = computed(() => waiting.value !== null)
  const shown = computed(() => (server.value ? overlay(server.value, waiting.value) : null))
  const clashes = ref<Clash[]>([])
  /** What the server, or this phone, finds wrong with what was typed. */
  const refused = reactive<Record<string, string>>({})
  const faults = reactive<Record<string, Fault | null>>({})
  const isSending = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let since = Date.now()

  const retry = setInterval(() => {
    if (isWaiting.value && !isSending.value && !timer) void flush()
  }, TRY_AGAIN_MS)
  onUnmounted(() => {
    clearInterval(retry)
    if (timer) void flush()
  })

  function take(fresh: Application): void {
    server.value = fresh
    load.isStale.value = false
    keep(`seen.${keptAs()}`, fresh)
  }

  /** Keeps an answer on the phone at once and sends it after a pause. */
  function answer(code: string, value: Value): void {
    if (!server.value) return
    delete refused[code]
    enqueue(server.value, code, value, Date.now() - since)
    since = Date.now()
    clearTimeout(timer)
    timer = setTimeout(() => void flush(), PAUSE_MS)
  }

  function setFault(code: string, fault: Fault | null): void {
    faults[code] = fault
  }

  /** Sends what waits now; true when the server has everything. */
  async function flush(): Promise<boolean> {
    clearTimeout(timer)
    timer = undefined
    if (!place.id || !isWaiting.value) return true
    isSending.value = true
    try {
      const sent = await send(place.id)
      if (sent.outcome === 'sent') {
        take(sent.application)
        if (sent.clashes.length) clashes.value = sent.clashes
        else if (sent.merged) say(t('fill.merged'))
      }
      if (sent.outcome === 'refused') tellRefused(sent.failure, sent.codes)
      return !isWaiting.value && sent.outcome !== 'refused'
    } finally {
      isSending.value = false
    }
  }

  function tellRefused(failure: unknown, codes: string[]): void {
    const words = problemWords(failure)
    for (const code of codes) refused[code] = words.text
    say(codes.length ? t('fill.refused') : words.text, true)
  }

  /** Ends a disagreement: theirs is written over mine, or mine simply stays. */
  function settle(clash: Clash, choice: 'mine' | 'theirs'): void {
    clashes.value = clashes.value.filter((one) => one.code !== clash.code)
    if (choice === 'mine') return
    letGo(place.id, clash.code)
    answer(clash.code, clash.theirs)
  }

  async function reload(): Promise<void> {
    await load.reload()
    if (server.value && !server.value.may.includes('edit') && !load.isStale.value) forgetAnswers(place.id)
    if (load.problem.value === null) await flush()
  }

  return { load, shown, isWaiting, isSending, clashes, refused, faults, setFault, answer, flush, settle, take, reload }
}

export type ApplicationOnScreen = ReturnType<typeof useApplication>
