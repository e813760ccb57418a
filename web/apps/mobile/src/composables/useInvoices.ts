import { reactive, shallowRef } from 'vue'
import type { Schemas } from '@palmtax/api'
import { api, apiWith } from '@/state/api'
import { useLoad } from './useLoad'
import { usePages } from './usePages'

export type Invoice = Schemas['InvoiceOut']
export type InvoiceSums = Pick<Schemas['InvoicePage'], 'count' | 'amount_fen' | 'tax_fen'>

const PAGE = 30
const TYPING_MS = 350

/** What the list is narrowed to; `behind` is the query of a return's field. */
export interface InvoiceFilter {
  q: string
  kind: '' | Invoice['kind']
  behind: string
}

/** The pool: filtered, searched, page by page, with the sums of all that match. */
export function useInvoices() {
  const filter = reactive<InvoiceFilter>({ q: '', kind: '', behind: '' })
  const sums = shallowRef<InvoiceSums | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined

  const pages = usePages(async (cursor: string | null) => {
    const page = await apiWith(filter.behind).call('get', '/api/invoice/invoices', { query: { ...queryOf(filter), cursor, limit: PAGE } })
    sums.value = page
    return { items: page.invoices, next: page.next_cursor }
  })

  /** Waits until the typing pauses. */
  function search(text: string): void {
    filter.q = text
    clearTimeout(timer)
    timer = setTimeout(() => void pages.reload(), TYPING_MS)
  }

  function narrow(change: Partial<InvoiceFilter>): void {
    Object.assign(filter, change)
    void pages.reload()
  }

  return { filter, sums, ...pages, search, narrow }
}

function queryOf(filter: InvoiceFilter): { q?: string; kind?: Invoice['kind'] } {
  return { ...(filter.q.trim() && { q: filter.q.trim() }), ...(filter.kind && { kind: filter.kind }) }
}

/** One invoice. */
export function useInvoice(place: { id: string }) {
  return useLoad(() => api.call('get', '/api/invoice/invoices/{invoice_id}', { path: { invoice_id: place.id } }))
}

/** A rate the way people say it: "0.015" is 1.5%. The digits are moved, not multiplied. */
export function ratePercent(rate: string): string {
  const [, whole = '', rest = ''] = /^0\.(\d\d)(\d*)$/.exec(rate) ?? []
  return `${Number(whole)}${rest ? `.${rest}` : ''}%`
}
