/** The mock's invoices and imports. */
import { NOW } from './town.mjs'

export function invoices({ state, query }) {
  const q = query.get('q') ?? ''
  const kind = query.get('kind')
  const all = state.invoices.filter(
    (one) => (!kind || one.kind === kind) && (!q || one.counterparty_name.includes(q) || one.invoice_no.includes(q)),
  )
  const from = Number(query.get('cursor') ?? 0)
  const size = Number(query.get('limit') ?? 30)
  const sum = (name) => all.reduce((total, one) => total + one[name], 0)
  return [
    200,
    {
      invoices: all.slice(from, from + size),
      next_cursor: from + size < all.length ? String(from + size) : null,
      count: all.length,
      amount_fen: sum('amount_fen'),
      tax_fen: sum('tax_fen'),
    },
  ]
}

export function importStep({ state, ids }) {
  const found = state.imports.find((one) => one.import_id === ids[0])
  if (found.state !== 'done') {
    found.state = 'running'
    found.done_rows = Math.min(found.total_rows, found.done_rows + 1_400)
    if (found.done_rows === found.total_rows)
      Object.assign(found, { state: 'done', accepted: 3_190, duplicates: 7, refused: 3, finished_at: NOW })
  }
  return [200, found]
}

export function importRows({ query }) {
  const rows = [
    {
      row_no: 118,
      outcome: 'refused',
      invoice_no: null,
      code: 'invoice.amount_malformed',
      text: '金额“12,5O.00”里有字母 O。请改成数字后再导入这一行。',
    },
    { row_no: 902, outcome: 'refused', invoice_no: '02632000000000000777', code: 'invoice.day_in_future', text: '开票日期在今天之后。' },
    {
      row_no: 77,
      outcome: 'duplicate',
      invoice_no: '02632000000000000001',
      code: 'invoice.duplicate',
      text: '发票池里已经有这张发票，没有重复收下。',
    },
    { row_no: 1, outcome: 'accepted', invoice_no: '02632000000000009911', code: null, text: null },
  ]
  const outcome = query.get('outcome')
  return [200, { rows: rows.filter((row) => !outcome || row.outcome === outcome), next_cursor: null }]
}
