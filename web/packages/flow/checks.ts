/** What is wrong with an answer, as far as a phone can tell; the server has the last word. */
import { amountText } from '@palmtax/ui/money'
import type { Ask, AskType, Row, Value } from './types'

/** What is wrong: a name, for which the app has a sentence, and what fills it. */
export interface Fault {
  name: FaultName
  values: Record<string, string | number>
}
export type FaultName =
  | 'needed'
  | 'number'
  | 'amount'
  | 'low'
  | 'high'
  | 'too_long'
  | 'phone'
  | 'resident_id'
  | 'uscc'
  | 'bank_account'
  | 'email'
  | 'region'
  | 'invoice_no'
  | 'plate'
  | 'vin'
  | 'url'
  | 'certificate_no'
  | 'few'
  | 'many'
  | 'row'
  | 'agree'

const FORMS: Partial<Record<AskType, RegExp>> = {
  phone: /^(1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|400-?\d{3}-?\d{4})$/,
  resident_id: /^\d{17}[\dX]$/,
  uscc: /^[0-9A-HJ-NPQRTUWXY]{18}$/,
  bank_account: /^\d{8,32}$/,
  email: /^[\w.+-]{1,64}@[\w-]{1,63}(\.[\w-]{1,63}){1,4}$/,
  region: /^\d{6}$/,
  invoice_no: /^\d{20}$/,
  plate: /^[\u4e00-\u9fff][A-Z][A-Z0-9]{4,5}[A-Z0-9挂学警港澳]$/,
  vin: /^[A-HJ-NPR-Z0-9]{17}$/,
  certificate_no: /^.{1,40}$/,
  url: /^https?:\/\/[\w./?%&=#:-]{4,300}$/,
}
const LENGTHS: Partial<Record<AskType, number>> = { text: 60, long_text: 1000, address: 120, person_name: 40, certificate_no: 40, url: 300 }
const SINGLE: AskType[] = ['text', 'phone', 'person_name', 'resident_id', 'uscc', 'bank_account', 'email', 'address']
const SINGLE_TOO: AskType[] = ['invoice_no', 'plate', 'vin', 'certificate_no', 'url', 'region', 'office']

export const hasForm = (type: AskType): boolean => type in FORMS
export const isSingleLine = (type: AskType): boolean => SINGLE.includes(type) || SINGLE_TOO.includes(type)

/** The longest text a field takes. */
export function longest(ask: Ask): number {
  if (ask.max_length) return ask.max_length
  const fixed: Partial<Record<AskType, number>> = { resident_id: 18, uscc: 18, invoice_no: 24, vin: 20, plate: 10, bank_account: 40, phone: 20 }
  return LENGTHS[ask.type] ?? fixed[ask.type] ?? 80
}

/** What is wrong with a value that is there; null when nothing is. */
export function faultOf(ask: Ask, value: Value): Fault | null {
  const wrong = (name: FaultName, values: Fault['values'] = {}): Fault => ({ name, values })
  if (ask.type === 'agree') return value === true ? null : wrong('agree')
  if (typeof value === 'string') {
    if (value.length > longest(ask)) return wrong('too_long', { count: longest(ask) })
    if (hasForm(ask.type) && !fits(ask.type, value)) return wrong(ask.type as FaultName)
  }
  if (Array.isArray(value)) return listFault(ask, value)
  return rangeFault(ask, value)
}

/** The fault of leaving a question open, or of its answer; the one that "next" looks at. */
export function openFault(ask: Ask, value: Value): Fault | null {
  const isBlank = value === null || value === '' || (Array.isArray(value) && value.length === 0)
  if (!isBlank) return faultOf(ask, value)
  if (ask.type === 'agree') return { name: 'agree', values: {} }
  return ask.is_optional ? null : { name: 'needed', values: {} }
}

function fits(type: AskType, text: string): boolean {
  if (!FORMS[type]!.test(text)) return false
  if (type === 'resident_id') return residentDigit(text)
  return type === 'uscc' ? usccDigit(text) : true
}

/** The last sign of an identity number, GB 11643. */
function residentDigit(text: string): boolean {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((total, weight, place) => total + weight * Number(text[place]), 0)
  return '10X98765432'[sum % 11] === text[17]
}

/** The last sign of a credit code, GB 32100. */
function usccDigit(text: string): boolean {
  const signs = '0123456789ABCDEFGHJKLMNPQRTUWXY'
  const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
  const sum = weights.reduce((total, weight, place) => total + weight * signs.indexOf(text[place]!), 0)
  return signs[(31 - (sum % 31)) % 31] === text[17]
}

function listFault(ask: Ask, list: string[] | number[] | Row[]): Fault | null {
  if (ask.at_least && list.length < ask.at_least) return { name: 'few', values: { count: ask.at_least } }
  if (ask.at_most && list.length > ask.at_most) return { name: 'many', values: { count: ask.at_most } }
  if (ask.type !== 'rows') return null
  const bad = (list as Row[]).findIndex((row) => (ask.rows ?? []).some((cell) => openFault(cell, (row[cell.code] ?? null) as Value)))
  return bad < 0 ? null : { name: 'row', values: { place: bad + 1 } }
}

function rangeFault(ask: Ask, value: Value): Fault | null {
  const order = orderOf(ask, value)
  if (order === null) return null
  const [low, high] = [orderOf(ask, ask.min ?? null), orderOf(ask, ask.max ?? null)]
  const say = (end: string | number): string => (ask.type === 'amount' ? amountText(Number(end)) : String(end))
  if (low !== null && order < low) return { name: 'low', values: { low: say(ask.min!) } }
  if (high !== null && order > high) return { name: 'high', values: { high: say(ask.max!) } }
  return null
}

/** A value's place on its own scale; null where there is none to compare. */
function orderOf(ask: Ask, value: Value): number | null {
  if (value === null || typeof value === 'boolean' || Array.isArray(value)) return null
  if (ask.type === 'date') return Number.isNaN(Date.parse(String(value))) ? null : Date.parse(String(value))
  if (!['amount', 'number', 'quantity', 'year'].includes(ask.type)) return null
  const size = Number(value)
  return Number.isFinite(size) ? size : null
}
