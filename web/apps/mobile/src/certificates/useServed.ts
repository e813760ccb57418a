import { computed, ref } from 'vue'
import type { Schemas } from '@palmtax/api'
import { openPdf } from '@/platform/documents'
import { api, apiAddress, ownHeaders } from '@/state/api'
import { markRead } from '@/state/messages'
import { say, sayProblem } from '@/state/notice'
import { t } from '@/state/text'
import { tell } from '@/composables/useDone'
import { useLoad } from '@/composables/useLoad'
import { usePages } from '@/composables/usePages'

export type Served = Schemas['ServedOut']
export type Service = Schemas['ServiceOut']
export type Proof = Schemas['ProofOut']
const PAGE = 20

/** Documents that were served on the taxpayer, page by page. */
export function useServedList() {
  return usePages<Served>(async (cursor) => {
    const page = await api.call('get', '/api/messaging/services', { query: { cursor: cursor ?? undefined, limit: PAGE } })
    return { items: page.services, next: page.next_cursor }
  })
}

/** One served document: its paper, who read it, reading and signing, the certificates of service. */
export function useServed(messageId: () => string) {
  const service = useLoad(() => api.call('get', '/api/messaging/messages/{message_id}/service', { path: { message_id: messageId() } }))
  const proofs = useLoad(async () => {
    const served_no = service.value.value?.document_no
    return served_no ? await api.call('get', '/api/certificates/proofs', { query: { served_no } }) : []
  })
  const busy = ref('')
  const mine = computed(() => service.value.value?.readers.find((one) => one.is_me) ?? null)
  /** What is still asked of the person who looks at it. */
  const asked = computed(() => {
    const found = service.value.value
    if (!found) return ''
    if (found.asks === 'sign') return found.signed_at ? '' : 'sign'
    return mine.value?.read_at ? '' : 'read'
  })

  async function reload(): Promise<void> {
    await service.reload()
    await proofs.reload()
  }

  async function doing(name: string, act: () => Promise<void>, onFailure = sayProblem): Promise<void> {
    if (busy.value) return
    busy.value = name
    try {
      await act()
    } catch (failure) {
      onFailure(failure)
    } finally {
      busy.value = ''
    }
  }

  /** Opens the paper; whoever has opened it has read it. */
  function open(): Promise<void> {
    return doing('open', () => openPaper(), tell)
  }

  async function openPaper(): Promise<void> {
    const found = service.value.value
    if (!found?.document_id) return
    await openPdf(apiAddress(`/api/certificates/documents/${found.document_id}/pdf`), ownHeaders(), found.document_no)
    if (asked.value === 'read') await noteRead()
  }

  async function noteRead(): Promise<void> {
    await markRead(messageId())
    await reload()
  }

  function confirm(): Promise<void> {
    return doing('confirm', async () => {
      if (asked.value === 'sign') {
        const document_no = service.value.value?.document_no ?? ''
        await api.call('post', '/api/messaging/services/{document_no}/signature', { path: { document_no } })
        await reload()
      } else await noteRead()
      say(t('served.kept'))
    })
  }

  const openProof = (one: Proof): Promise<void> =>
    doing(one.proof_id, () => openPdf(apiAddress(one.pdf_path), ownHeaders(), one.proof_no), tell)

  return { service, proofs, busy, asked, reload, open, confirm, openProof }
}
