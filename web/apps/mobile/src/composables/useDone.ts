import { ref } from 'vue'
import type { Schemas } from '@palmtax/api'
import { api, apiAddress, ownHeaders } from '@/state/api'
import { openPdf } from '@/platform/documents'
import { say, sayProblem } from '@/state/notice'
import { ApiError } from '@palmtax/api'
import { t } from '@/state/text'
import { useLoad } from './useLoad'

export type Return = Schemas['ReturnOut']
export type Certificate = Schemas['CertificateOut']

interface Done {
  filed: Return
  order: Schemas['OrderOut'] | null
  next: Schemas['Obligation'] | null
}

/** What was accepted, what was paid, what comes next, and the certificate. */
export function useDone(place: { returnId: string }) {
  const done = useLoad<Done>(() => readDone(place.returnId))
  const { isBusy, open } = useCertificate()
  return { done, isBusy, openCertificate: open }
}

async function readDone(returnId: string): Promise<Done> {
  const filed = await api.call('get', '/api/filing/returns/{return_id}', { path: { return_id: returnId } })
  const [order, home] = await Promise.all([
    filed.order_id ? api.call('get', '/api/payment/orders/{order_id}', { path: { order_id: filed.order_id } }) : null,
    api.call('get', '/api/filing/home').catch(() => null),
  ])
  return { filed, order, next: home?.first ?? home?.next_quiet ?? null }
}

/** Issuing the certificate of a paid order (the same one however often it is asked for) and opening its PDF. */
export function useCertificate() {
  const isBusy = ref(false)

  async function open(orderId: string): Promise<void> {
    if (isBusy.value) return
    isBusy.value = true
    try {
      await openCertificatePdf(await api.call('post', '/api/certificates', { body: { order_id: orderId } }))
    } catch (failure) {
      tell(failure)
    } finally {
      isBusy.value = false
    }
  }

  return { isBusy, open }
}

/** Opens a certificate's PDF. */
export async function openCertificatePdf(certificate: Certificate): Promise<void> {
  await openPdf(apiAddress(certificate.pdf_path), ownHeaders(), certificate.certificate_no)
}

/** A document that could not be fetched is said so; the server's own words come first. */
export function tell(failure: unknown): void {
  if (failure instanceof ApiError) sayProblem(failure)
  else say(t('certificates.not_opened'), true)
}
