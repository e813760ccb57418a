/** What a person typed, as a value that travels; and a value as it stands in a field. */
import { fieldAmount, typedFen } from '@palmtax/ui/money'
import { faultOf, hasForm, isSingleLine } from './checks'
import type { Fault } from './checks'
import type { Ask, Value } from './types'

/** The outcome of reading: a value, or what is wrong with it. */
export type Read = { value: Value; fault: null } | { value: null; fault: Fault }

const WIDE_START = 0xff01
const WIDE_END = 0xff5e
const WIDE_STEP = 0xfee0

/** Full-width letters, digits and signs as people's keyboards give them, made plain. */
export function narrow(typed: string): string {
  return typed.replace(/[\uff01-\uff5e]/g, (sign) => {
    const code = sign.charCodeAt(0)
    return code >= WIDE_START && code <= WIDE_END ? String.fromCharCode(code - WIDE_STEP) : sign
  })
}

/** Whether nothing was answered. `false` and 0 are answers. */
export function isBlank(value: Value | undefined): boolean {
  if (value === undefined || value === null) return true
  if (typeof value === 'string') return value.trim() === ''
  return Array.isArray(value) && value.length === 0
}

/** Whether two answers say the same. */
export function isSame(one: Value | undefined, other: Value | undefined): boolean {
  if (isBlank(one) && isBlank(other)) return true
  return JSON.stringify(one) === JSON.stringify(other)
}

/** What was typed into a field of this question, as a value; blank is null and never a fault here. */
export function readTyped(ask: Ask, typed: string): Read {
  const plain = cleaned(ask, typed)
  if (plain === '') return { value: null, fault: null }
  const value = valueOf(ask, plain)
  if (value === null) return { value: null, fault: { name: ask.type === 'amount' ? 'amount' : 'number', values: {} } }
  const fault = faultOf(ask, value)
  return fault ? { value: null, fault } : { value, fault: null }
}

function cleaned(ask: Ask, typed: string): string {
  if (ask.type === 'long_text') return typed.replace(/\r\n/g, '\n').trim()
  if (['amount', 'number', 'quantity', 'rate', 'year'].includes(ask.type)) return tidyNumber(ask, narrow(typed))
  if (!isSingleLine(ask.type)) return typed.trim()
  const line = typed.replace(/[\r\n\t]+/g, ' ').trim()
  return hasForm(ask.type) ? tidyForm(ask, narrow(line)) : line
}

function tidyNumber(ask: Ask, typed: string): string {
  const bare = typed
    .replace(/[¥￥,\s]/g, '')
    .replace(/[−–—]/g, '-')
    .replace(/。/g, '.')
  if (ask.type === 'rate') return /^\d+(\.\d+)?$/.test(bare) ? `${bare}%` : bare.replace(/％/g, '%')
  const whole = ask.type === 'amount' && /^(\d+)(?:\.(\d{1,4}))?万元?$/.exec(bare)
  return whole ? `${whole[1]}${(whole[2] ?? '').padEnd(4, '0')}` : bare.replace(/元$/, '').replace(/\.$/, '')
}

/** Spaces and dashes that people put into numbers to read them; letters of codes are large. */
function tidyForm(ask: Ask, typed: string): string {
  if (['bank_account', 'invoice_no'].includes(ask.type)) return typed.replace(/[\s-]/g, '')
  if (['resident_id', 'uscc', 'vin', 'plate'].includes(ask.type)) return typed.replace(/[\s·.]/g, '').toUpperCase()
  if (ask.type === 'phone') return typed.replace(/\s/g, '').replace(/^\+?86-?(?=1\d{10}$)/, '').replace(/^(1\d\d)-?(\d{4})-?(\d{4})$/, '$1$2$3')
  return typed
}

function valueOf(ask: Ask, plain: string): Value {
  if (ask.type === 'amount') return typedFen(plain)
  if (ask.type === 'number' || ask.type === 'year') return /^-?\d{1,12}$/.test(plain) ? Number(plain) : null
  if (ask.type === 'quantity') return /^\d{1,12}(\.\d{1,4})?$/.test(plain) ? plain : null
  if (ask.type === 'rate') return /^\d{1,6}(\.\d{1,6})?[%‰]?$|^\d{1,6}\/\d{1,6}$/.test(plain) ? plain : null
  return plain
}

/** A value as it stands in its field. */
export function fieldText(ask: Ask, value: Value): string {
  if (value === null || Array.isArray(value) || typeof value === 'boolean') return ''
  if (ask.type === 'amount') return Number.isSafeInteger(value) ? fieldAmount(value as number) : String(value)
  if (ask.type === 'rate') return String(value).replace(/%$/, '')
  return String(value)
}
