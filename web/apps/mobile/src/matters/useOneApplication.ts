import { ref } from 'vue'
import type { Application } from '@palmtax/flow'
import { tell } from '@/composables/useDone'
import { useLoad } from '@/composables/useLoad'
import { openPdf } from '@/platform/documents'
import { go, replace } from '@/platform/navigate'
import { ownHeaders } from '@/state/api'
import {
  changeApplication,
  discardApplication,
  documentAddress,
  rateApplication,
  readApplication,
  restoreApplication,
  startApplication,
  summaryAddress,
  withdrawApplication,
} from '@/state/matters'
import { say, sayProblem } from '@/state/notice'
import { t } from '@/state/text'
import { asksOf, isBlank } from '@palmtax/flow'

/** One application to look at: where it stands, its papers and documents, and what its person may still do. */
export function useOneApplication(place: { id: string }) {
  const load = useLoad<Application>(
    () => readApplication(place.id),
    () => `application.${place.id}`,
  )
  const busy = ref('')

  async function act(name: string, work: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false
    busy.value = name
    try {
      await work()
      return true
    } catch (failure) {
      sayProblem(failure)
      return false
    } finally {
      busy.value = ''
    }
  }

  const withdraw = (reason: string): Promise<boolean> =>
    act('withdraw', async () => {
      await withdrawApplication(place.id, reason)
      say(t('application.withdrawn'))
      await load.reload()
    })
  const discard = (): Promise<boolean> =>
    act('discard', async () => {
      await discardApplication(place.id)
      say(t('fill.discarded'))
      await load.reload()
    })
  const restore = (): Promise<boolean> =>
    act('restore', async () => {
      await restoreApplication(place.id)
      say(t('application.restored'))
      replace('fill', { id: place.id })
    })
  const rate = (stars: number, tags: string[], text: string): Promise<boolean> =>
    act('rate', async () => {
      load.value.value = await rateApplication(place.id, { stars, tags, text })
    })
  const again = (): Promise<boolean> => act('again', () => startAgain(load.value.value!))

  async function open(which: 'document' | 'summary'): Promise<void> {
    if (busy.value) return
    busy.value = which
    try {
      const document = load.value.value?.document
      if (which === 'document' && document) await openPdf(documentAddress(document.document_id), ownHeaders(), document.document_no)
      else await openPdf(summaryAddress(place.id), ownHeaders(), load.value.value?.application_no ?? which)
    } catch (failure) {
      tell(failure)
    } finally {
      busy.value = ''
    }
  }

  return { load, busy, withdraw, discard, restore, rate, again, open }
}

/** A new draft of the same matter with the person's own answers in it; what the server fills in itself is not copied. */
async function startAgain(old: Application): Promise<void> {
  const begun = await startApplication(old.matter.code, true)
  const fixed = new Set(asksOf(begun).filter((ask) => ask.is_locked || ask.type === 'agree').map((ask) => ask.code))
  const own = asksOf(old).filter((ask) => ask.origin?.source === 'person' && !isBlank(ask.value) && !fixed.has(ask.code))
  if (own.length) {
    const answers = Object.fromEntries(own.map((ask) => [ask.code, ask.value]))
    await changeApplication(begun.application_id, { version: begun.version, answers }).catch(() => undefined)
  }
  go('fill', { id: begun.application_id })
}
