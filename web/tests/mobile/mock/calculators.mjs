/**
 * Public calculators of the mock: three, as the real server described them (calculators.json). The bonus really computes, by
 * the law's own brackets; the other two answer with one captured result once what they must know is there.
 */
import { readFileSync } from 'node:fs'

const kept = JSON.parse(readFileSync(new URL('calculators.json', import.meta.url), 'utf8'))
const problem = (status, code, text, hint, fields = {}) => [status, { code, text, hint, fields, trace_id: 'mock-trace' }]
const unknown = (law) => problem(404, 'knowledge.calculator_unknown', `没有名为“${law}”的税款测算`, '请从税款测算列表重新选择', { law })

/** [up to, rate in percent, quick deduction], yuan. */
const YEAR = [
  [36_000, 3, 0],
  [144_000, 10, 2_520],
  [300_000, 20, 16_920],
  [420_000, 25, 31_920],
  [660_000, 30, 52_920],
  [960_000, 35, 85_920],
  [Infinity, 45, 181_920],
]
const MONTH = [
  [3_000, 3, 0],
  [12_000, 10, 210],
  [25_000, 20, 1_410],
  [35_000, 25, 2_660],
  [55_000, 30, 4_410],
  [80_000, 35, 7_160],
  [Infinity, 45, 15_160],
]
const FREE = 60_000
const tax = (scale, base, by = base) => {
  const [, rate, less] = scale.find(([end]) => by <= end)
  return Math.max(Math.round(base * rate - less * 100), 0)
}

export function shelf() {
  return [200, kept.shelf]
}

export function calculator({ ids: [law], query }) {
  const found = kept.definitions[law]
  return found ? [200, { ...found, on: query.get('on') ?? found.on }] : unknown(law)
}

export function calculate({ ids: [law], body }) {
  const found = kept.definitions[law]
  if (!found) return unknown(law)
  const facts = body.facts ?? {}
  for (const fact of found.facts) {
    if (fact.unit !== 'fen' || typeof facts[fact.code] !== 'string' || Number(facts[fact.code]) <= Number(fact.hi)) continue
    const reason = `应在 ${fact.lo} 元到 ${fact.hi} 元之间，请核对单位`
    const text = `“${fact.label}”不能用于计算：${reason}`
    return problem(422, 'rules.fact_refused', text, '请按提示修改这一项后再试', { fact: fact.code, label: fact.label, reason })
  }
  const missing = found.facts.filter((fact) => fact.default === null && facts[fact.code] === undefined).map((fact) => fact.code)
  const answer = { ...kept.calculations[law], on: body.on ?? found.on, version: found.version, missing, facts: [] }
  if (missing.length) return [200, { ...answer, result: null }]
  return [200, law === 'iit_bonus' ? { ...answer, result: bonusResult(answer.result, facts) } : answer]
}

function bonusResult(template, facts) {
  const [bonus, income, deductions] = ['bonus', 'annual_income', 'deductions'].map((code) => Number(facts[code] ?? 0))
  const separate = tax(MONTH, bonus, bonus / 12)
  const rest = Math.max(income - deductions - FREE, 0)
  const merged = tax(YEAR, Math.max(income + bonus - deductions - FREE, 0)) - tax(YEAR, rest)
  const least = Math.min(separate, merged)
  const values = { tax_separate: separate, tax_merged: merged, tax: least, net_bonus: bonus * 100 - least }
  const set = (one, key = 'value') =>
    one.code in values ? { ...one, [key]: values[one.code], text: (values[one.code] / 100).toFixed(2) } : one
  const share = (one) => ({ ...one, value_fen: values[one.code], permille: Math.floor((values[one.code] * 10) / bonus) })
  const choices = template.compare.choices.map((one) => ({
    ...one,
    value_fen: values[one.code],
    permille: Math.floor((values[one.code] * 1000) / Math.max(separate, merged, 1)),
    is_best: values[one.code] === least && separate !== merged,
  }))
  return {
    ...template,
    headline: set(template.headline),
    parts: template.parts.map((one) => set(one)),
    picture: bonus ? { ...template.picture, whole_fen: bonus * 100, slices: template.picture.slices.map(share) } : null,
    compare: { choices, best: choices.find((one) => one.is_best)?.code ?? null, saved_fen: Math.abs(separate - merged) },
    lines: template.lines.map((one) => set(one)),
  }
}
