import { onUnmounted, ref } from 'vue'
import type { Ref } from 'vue'
import { ApiError } from '@palmtax/api'
import { uploadInPieces } from '@palmtax/flow'
import type { Application, Begun, Paper, PaperFile } from '@palmtax/flow'
import { choosePapers, madeSmaller, readPiece } from '@/platform/papers'
import type { Chosen } from '@/platform/papers'
import { keep, recall } from '@/platform/storage'
import { newKey } from '@/state/identifiers'
import { beginUpload, deletePaper, putPiece, readApplication, whereUpload } from '@/state/matters'
import { say, sayProblem } from '@/state/notice'
import { t } from '@/state/text'

/** A file on its way. */
export interface Sending {
  key: string
  paper: string
  name: string
  percent: number
  isFailed: boolean
  chosen: Chosen
}

const MOST_BYTES = 20 * 1024 * 1024
const KINDS = /^(image\/(jpe?g|png|webp|heic)|application\/pdf)$/
const PERCENT = 100
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

/** A plain no to a piece; a wrong place and too many requests are none. */
function isRefused(failure: unknown): boolean {
  if (!(failure instanceof ApiError) || failure.problem.code === 'matters.upload_offset') return false
  return failure.status >= 400 && failure.status < 500 && failure.status !== 429
}

/** Papers of an application: choosing, making smaller, sending in pieces that go on where they stopped, deleting. */
export function usePapers(place: { id: string }, take: (fresh: Application) => void) {
  const sending: Ref<Sending[]> = ref([])
  let isGone = false
  onUnmounted(() => (isGone = true))

  async function add(paper: Paper, way: 'camera' | 'album' | 'file'): Promise<void> {
    const room = paper.at_most - paper.files.length - sending.value.filter((one) => one.paper === paper.code).length
    if (room <= 0) {
      say(t('paper.full', { count: paper.at_most }), true)
      return
    }
    const chosen = await choosePapers(way, room)
    await Promise.all(chosen.map((one) => addOne(paper.code, one)))
  }

  async function addOne(paper: string, picked: Chosen): Promise<void> {
    if (!KINDS.test(picked.kind)) {
      say(t('paper.kind'), true)
      return
    }
    const chosen = await madeSmaller(picked)
    if (chosen.size > MOST_BYTES) {
      say(t('paper.too_big', { size: '20 MB' }), true)
      return
    }
    const one: Sending = { key: newKey(), paper, name: chosen.name, percent: 0, isFailed: false, chosen }
    sending.value = [...sending.value, one]
    await run(one.key)
  }

  /** Sends a file, from where it stopped. */
  async function run(key: string): Promise<void> {
    const one = sending.value.find((entry) => entry.key === key)
    if (!one) return
    one.isFailed = false
    const { chosen, paper } = one
    const kept = `upload.${place.id}.${paper}.${chosen.name}.${chosen.size}`
    try {
      await uploadInPieces<PaperFile>(
        chosen.size,
        {
          begin: () =>
            beginUpload({
              application_id: place.id,
              paper_code: paper,
              file_name: chosen.name,
              size_bytes: chosen.size,
              idempotency_key: key,
            }),
          where: whereUpload,
          put: putPiece,
          read: (from, until) => readPiece(chosen, from, until),
          pause,
          isFinal: (failure) => isGone || isRefused(failure),
          keep: (begun) => keep(kept, begun),
          tell: (offset) => (one.percent = Math.round((offset / chosen.size) * PERCENT)),
        },
        recall<Begun>(kept),
      )
      sending.value = sending.value.filter((entry) => entry.key !== key)
      await refresh()
    } catch (failure) {
      one.isFailed = true
      if (failure instanceof ApiError && !failure.isOffline) sayProblem(failure)
    }
  }

  function giveUp(key: string): void {
    sending.value = sending.value.filter((one) => one.key !== key)
  }

  async function remove(file: PaperFile): Promise<void> {
    try {
      take(await deletePaper(file.paper_id))
      say(t('paper.deleted'))
    } catch (failure) {
      sayProblem(failure)
    }
  }

  /** The application with its new papers; its version may have grown. */
  async function refresh(): Promise<void> {
    const fresh = await readApplication(place.id).catch(() => null)
    if (fresh && !isGone) take(fresh)
  }

  return { sending, add, run, giveUp, remove }
}

export type Papers = ReturnType<typeof usePapers>
