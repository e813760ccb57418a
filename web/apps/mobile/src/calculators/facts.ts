/** What a calculator asks, what was answered, and what is wrong with an answer. Answers are plain text as people write it. */
import type { Schemas } from '@palmtax/api'

export type Calculator = Schemas['CalculatorOut']
export type Fact = Schemas['CalculatorFact']
/** '' is not answered yet. */
export type Single = string | boolean
export type Given = Single | Single[]
export type Givens = Record<string, Given>

/** What is wrong: the key of a sentence after `calculator.wrong_`, and what fills it. */
export interface Fault {
  name: 'number' | 'decimals' | 'range' | 'low' | 'high' | 'whole'
  values: Record<string, string | number>
}

const PLACES = { fen: 2, quantity: 4, rate: 4, count: 0, days: 0 } as const
type NumberUnit = keyof typeof PLACES
const ROW = { month: 12, quarter: 4 } as const
/** Ends of a range beyond this are no ends that anybody meets. */
const NO_END = 9e10

export const isNumber = (unit: Fact['unit']): unit is NumberUnit => unit in PLACES
export const rowLength = (fact: Fact): number => (fact.each ? ROW[fact.each] : 1)
export const isBlank = (given: Given | undefined): boolean =>
  given === undefined || given === '' || (Array.isArray(given) && given.every((one) => one === ''))

/** The answer a fact has before anybody touched it: its default, else a usual value when it is asked first, else none. */
export function startOf(fact: Fact): Given {
  const usual = fact.is_asked_first && fact.unit !== 'day' ? fact.typical : null
  const first = fact.is_asked_first ? (usual ?? fact.default) : fact.default
  const single: Single = typeof first === 'boolean' ? first : first === null || Array.isArray(first) ? '' : String(first)
  return fact.each ? Array.from({ length: rowLength(fact) }, () => single) : single
}

/** What a person typed or pasted ("￥1,234.5 元", "１０％") as plain text; what is no number stays as it is. */
export function tidy(unit: Fact['unit'], typed: string): string {
  const half = typed.replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
  const bare = half
    .replace(/[¥￥,，\s]/g, '')
    .replace(/[−–—－]/g, '-')
    .replace(/[。．]/g, '.')
    .replace(/(元|％|%)$/, '')
  const wan = unit === 'fen' && /^(\d+)(?:\.(\d{1,4}))?万$/.exec(bare)
  const whole = wan ? `${wan[1]}${(wan[2] ?? '').padEnd(4, '0')}` : bare.replace(/\.$/, '')
  if (whole === '') return ''
  return unit === 'rate' && /^\d+(\.\d+)?$/.test(whole) ? `${whole}%` : whole
}

/** The size of a plain number, for comparing it with the ends of its range. */
export function sizeOf(text: string): number {
  const [, number = text, mark = ''] = /^(.*?)([%‰]?)$/.exec(text) ?? []
  const [over = '', under = '1'] = number.split('/')
  return Number(over) / Number(under) / (mark === '%' ? 100 : mark === '‰' ? 1000 : 1)
}

/** Digits in groups of three, for reading; the rest of the text stays. */
export function grouped(text: string): string {
  const [whole = '', part] = text.split('.')
  const digits = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  return part === undefined ? digits : `${digits}.${part}`
}

/** What is wrong with an answer that is not blank; null when nothing is. */
export function faultOf(fact: Fact, given: Given): Fault | null {
  for (const one of Array.isArray(given) ? given : [given]) {
    const fault = one === '' ? null : singleFault(fact, one)
    if (fault) return fault
  }
  return null
}

function singleFault(fact: Fact, one: Single): Fault | null {
  const wrong: Fault = { name: 'number', values: {} }
  if (fact.unit === 'yes_no') return typeof one === 'boolean' ? null : wrong
  if (fact.unit === 'choice') return fact.options.some((option) => option.code === one) ? null : wrong
  if (typeof one !== 'string') return wrong
  if (fact.unit === 'day') return isDay(one) ? rangeFault(fact, one) : wrong
  if (!isNumber(fact.unit)) return wrong
  const found = /^-?\d{1,13}(?:\.(\d+))?%?$/.exec(one)
  if (!found || one.endsWith('%') !== (fact.unit === 'rate')) return wrong
  const places = PLACES[fact.unit]
  if ((found[1]?.length ?? 0) > places) return places ? { name: 'decimals', values: { places } } : { name: 'whole', values: {} }
  return rangeFault(fact, one)
}

function rangeFault(fact: Fact, one: string): Fault | null {
  const order = (text: string): number => (fact.unit === 'day' ? Date.parse(text) : sizeOf(text))
  const isLow = fact.lo !== null && order(one) < order(fact.lo)
  const isHigh = fact.hi !== null && order(one) > order(fact.hi)
  if (!isLow && !isHigh) return null
  const shown = (end: string | null): string => (fact.unit === 'day' ? (end ?? '') : grouped(end ?? ''))
  const [lo, hi] = [shown(fact.lo), shown(fact.hi)]
  if (fact.unit === 'day' || order(fact.hi ?? '0') < NO_END) return { name: 'range', values: { lo, hi } }
  return isLow ? { name: 'low', values: { lo } } : { name: 'high', values: { hi } }
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text
}

type PlainSingle = string | number | boolean
/** An answer as the server reads it; undefined when there is none. */
export function plainOf(fact: Fact, given: Given | undefined): PlainSingle | PlainSingle[] | undefined {
  if (given === undefined || isBlank(given)) return undefined
  if (!Array.isArray(given)) return plainSingle(fact, given)
  const blank = fact.default === null || Array.isArray(fact.default) ? undefined : fact.default
  if (blank === undefined && given.includes('')) return undefined
  return given.map((one) => (one === '' ? blank! : plainSingle(fact, one)))
}

function plainSingle(fact: Fact, one: Single): PlainSingle {
  return typeof one === 'string' && (fact.unit === 'count' || fact.unit === 'days') ? Number(one) : one
}

/** Whether two answers say the same. */
export function isSame(one: Given, other: Given): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
