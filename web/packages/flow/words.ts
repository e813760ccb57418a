/** A value as people read it. Amounts stay fen: one component writes them. */
import { dayText, periodText } from '@palmtax/ui/dates'
import type { Ask, Language, OutcomeLine, Row, Value } from './types'

/** What is drawn: an amount by itself, or words. */
export interface Shown {
  fen: number | null
  text: string
}

const ours = (language: Language, zh: string | null | undefined, en: string | null | undefined): string =>
  (language === 'en' ? (en ?? zh) : zh) ?? ''

const YES = { zh: '是', en: 'Yes' }
const NO = { zh: '否', en: 'No' }
const words = (text: string): Shown => ({ fen: null, text })

/** The answer to a question, in the reader's language; empty text when there is none. */
export function shownValue(ask: Ask, value: Value, language: Language): Shown {
  if (value === null || value === '') return words('')
  if (ask.type === 'amount' && Number.isSafeInteger(value)) return { fen: value as number, text: '' }
  if (typeof value === 'boolean') return words(value ? YES[language] : NO[language])
  if (Array.isArray(value)) return words(listText(ask, value, language))
  if (ask.type === 'choice' || ask.type === 'office') return words(optionText(ask, String(value), language))
  if (ask.type === 'date') return words(dayText(String(value), language, 0))
  if (ask.type === 'period') return words(periodText(String(value), language))
  const unit = ours(language, ask.unit, ask.unit_en)
  return words(unit && (ask.type === 'number' || ask.type === 'quantity') ? `${value} ${unit}` : String(value))
}

function optionText(ask: Ask, value: string, language: Language): string {
  const option = ask.options?.find((one) => one.value === value)
  return option ? ours(language, option.label, option.label_en) : value
}

function listText(ask: Ask, list: string[] | number[] | Row[], language: Language): string {
  if (ask.type === 'series') return language === 'en' ? `${list.length} values` : `${list.length} 个数`
  const comma = language === 'en' ? ', ' : '、'
  if (ask.type !== 'rows') return (list as string[]).map((one) => optionText(ask, one, language)).join(comma)
  return language === 'en' ? `${list.length} ${list.length === 1 ? 'entry' : 'entries'}` : `${list.length} 条`
}

/** Rates are millionths inside and read in percent, quantities ten-thousandths: either way four places, no idle zeros. */
function tenThousandths(value: number): string {
  const whole = Math.trunc(Math.abs(value) / 10_000)
  const part = String(Math.abs(value) % 10_000).padStart(4, '0').replace(/0+$/, '')
  return `${value < 0 ? '-' : ''}${whole}${part && `.${part}`}`
}

/** A figure of a result or a query. `text`: how the server writes a number that is no plain one, a rate. */
export function shownFigure(figure: Pick<OutcomeLine, 'value' | 'unit' | 'value_en' | 'unit_en'> & { text?: string }, language: Language): Shown {
  const { text } = figure
  const value = (language === 'en' && figure.value_en) || figure.value
  const unit = (language === 'en' && figure.unit_en) || figure.unit
  if (unit === 'fen' && Number.isSafeInteger(Number(value))) return { fen: Number(value), text: '' }
  if (typeof value === 'boolean' || unit === 'yes_no') return words(value === true || value === 1 ? YES[language] : NO[language])
  if ((unit === 'day' || unit === 'date') && /^\d{4}-\d{2}-\d{2}$/.test(String(value))) return words(dayText(String(value), language, 0))
  if (unit === 'days') return words(language === 'en' ? `${text ?? value} days` : `${text ?? value} 天`)
  if (text !== undefined) return words(text)
  if (typeof value === 'number' && unit === 'rate') return words(`${tenThousandths(value)}%`)
  if (typeof value === 'number' && unit === 'quantity') return words(tenThousandths(value))
  if (typeof value === 'number' && ['choice', 'day'].includes(unit)) return words('')
  return words(PLAIN.includes(unit ?? '') ? String(value) : `${value} ${unit}`)
}

const PLAIN = ['text', 'count', 'quantity', 'rate', 'choice', 'date', 'day', 'instant', 'period', '']
