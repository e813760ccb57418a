/** Which keyboard a question wants, and whether a camera can read its answer. */
import type { AskType } from './types'

export type Keyboard = 'text' | 'number' | 'digit' | 'tel' | 'idcard'

const NUMBERS: AskType[] = ['number', 'year', 'bank_account', 'invoice_no']
const DECIMALS: AskType[] = ['amount', 'quantity', 'rate']
/** What can be read from a picture of it; the app decides whether this phone can. */
const SCANNED: AskType[] = ['invoice_no', 'uscc', 'vin', 'bank_account']

export function keyboardOf(type: AskType): Keyboard {
  if (NUMBERS.includes(type)) return 'number'
  if (DECIMALS.includes(type)) return 'digit'
  if (type === 'phone') return 'tel'
  return type === 'resident_id' ? 'idcard' : 'text'
}

export const mayScan = (type: AskType): boolean => SCANNED.includes(type)

/** The answer in what a code says: an invoice's number among the pieces of its own code, a plain number elsewhere. */
export function scannedText(type: AskType, seen: string): string {
  if (type === 'invoice_no') return seen.split(',').find((piece) => /^\d{20}$/.test(piece.trim()))?.trim() ?? /\d{20}/.exec(seen)?.[0] ?? ''
  if (type === 'uscc') return /[0-9A-HJ-NPQRTUWXY]{18}/.exec(seen.toUpperCase())?.[0] ?? ''
  if (type === 'vin') return /[A-HJ-NPR-Z0-9]{17}/.exec(seen.toUpperCase())?.[0] ?? ''
  return /\d{8,32}/.exec(seen.replace(/\s/g, ''))?.[0] ?? ''
}
