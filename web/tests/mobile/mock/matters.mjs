/** The engine of the mock's matters: one person's applications in memory, moved as the real server moves them, in small. */
import { randomUUID } from 'node:crypto'
import { MATTERS } from './mattersData.mjs'
import { NOW } from './town.mjs'

export const problem = (status, code, text, hint = '', fields = {}) => [status, { code, text, hint, fields, trace_id: 'mock-trace' }]
const SOURCES = { invoice: ['发票', 'Invoices'], identity: ['实名信息', 'Your account'], registry: ['登记信息', 'Register'], payment: ['缴款记录', 'Payments'], person: ['本人填写', 'You answered'] } // prettier-ignore
const ACTS = { started: ['开始填写', 'Begun'], submitted: ['提交申请', 'Submitted'], supplement: ['要求补正', 'More asked for'], approved: ['办结', 'Done'], refused: ['不予办理', 'Refused'], withdrawn: ['撤回', 'Withdrawn'] } // prettier-ignore
const MAY = { draft: ['edit', 'submit', 'discard'], submitted: ['withdraw'], in_review: ['withdraw'], supplement: ['edit', 'submit', 'withdraw'], discarded: ['restore'] } // prettier-ignore
const isBlank = (value) => value === undefined || value === null || value === '' || (Array.isArray(value) && !value.length)

/** A fresh application; `answers` are the person's own. */
export function begin(code, { answers = {}, state = 'draft', more = {} } = {}) {
  const application_id = randomUUID()
  const own = Object.fromEntries(Object.entries(answers).map(([name, value]) => [name, { value, source: 'person' }]))
  const known = Object.fromEntries(everyAsk(code).filter((ask) => 'value' in ask).map((ask) => [ask.code, { value: ask.value, source: ask.locked ?? ask.from }])) // prettier-ignore
  const one = { application_id, application_no: `SX20261021${application_id.slice(-10).toUpperCase()}`, code, state, version: 1, answers: { ...known, ...own }, files: {}, timeline: [], updated_at: NOW, ...more } // prettier-ignore
  move(one, 'started', '张*满')
  return one
}

export const everyAsk = (code) => MATTERS[code].sections.flatMap((section) => section.asks)
const at = (one, seconds) => new Date(Date.parse(NOW) + one.timeline.length * 60_000 + seconds).toISOString()
export function move(one, act, who, note = '') {
  const [act_name, act_name_en] = ACTS[act]
  one.timeline.push({ at: at(one, 0), act, act_name, act_name_en, who, who_en: who, channel: who === '张*满' ? 'h5' : 'workbench', note })
}

const holds = (one, when = {}) =>
  Object.entries(when).every(([code, wanted]) => wanted.includes(one.answers[code]?.value)) // prettier-ignore
function wrongOf(one, ask) {
  const value = one.answers[ask.code]?.value
  if (ask.type === 'agree') return value === true ? null : ['请确认声明', 'Please confirm the statement']
  if (isBlank(value)) return ask.is_optional ? null : [`请填写“${ask.label}”`, `Please answer “${ask.label_en}”`]
  return ask.above && value <= one.answers[ask.above].value ? ask.say_wrong : null
}
const shownAsks = (one) => everyAsk(one.code).filter((ask) => holds(one, ask.when))
const isPaperNeeded = (one, paper) => !paper.is_on_file && !paper.is_optional && holds(one, paper.when)

export function problemsOf(one) {
  const asks = shownAsks(one).map((ask) => [ask.code, wrongOf(one, ask)])
  const papers = MATTERS[one.code].papers
    .filter((paper) => isPaperNeeded(one, paper) && !one.files[paper.code]?.length)
    .map((paper) => [paper.code, [`请上传“${paper.title}”`, `Please send “${paper.title_en}”`]])
  return [...asks, ...papers].filter(([, wrong]) => wrong).map(([place, [text, text_en]]) => ({ at: place, text, text_en }))
}

const blank = { help: '', help_en: '', unit: '', unit_en: '', options: [], rows: [], kinds: [], each: '', at_least: 0, at_most: 0, min: null, max: null, max_length: 0 } // prettier-ignore
export function askOut(one, ask) {
  const answer = one?.answers[ask.code]
  const [label, label_en] = SOURCES[answer?.source] ?? []
  const wrong = one && answer ? wrongOf(one, ask) : null
  return {
    ...blank,
    ...ask,
    rows: (ask.rows ?? []).map((cell) => askOut(null, cell)),
    is_optional: ask.is_optional ?? false,
    is_locked: Boolean(ask.locked) && Boolean(one),
    is_shown: one ? holds(one, ask.when) : true,
    value: answer?.value ?? null,
    origin: answer ? { source: answer.source, label, label_en, channel: 'h5', at: NOW } : null,
    problem: wrong && { text: wrong[0], text_en: wrong[1] },
  }
}

export const promiseOf = ({ days, at_most = 0 }) => ({ is_instant: !days, days, is_calendar: false, at_most, confidence: 'own knowledge', note: '', note_en: '' }) // prettier-ignore

/** The stamp duty of the mock: 0.03% or 0.1%, halved for small-scale taxpayers. */
function computedOf(one) {
  const [kind, amount] = [one.answers.contract_kind?.value, one.answers.amount?.value]
  if (!MATTERS[one.code].computes || !kind || !amount) return null
  const duty = Math.round((amount * (kind === 'sale' ? 3 : 10)) / 10_000)
  const due = one.answers.is_small?.value ? Math.round(duty / 2) : duty
  const citations = [{ title: '印花税法', article: '第五条', paraphrase: '按合同金额乘税率计算。', source: '主席令第八十九号', confidence: 'law' }]
  const line = (code, label, label_en, formula, formula_en, value) => ({ code, label, label_en, formula, formula_en, value, unit: 'fen', citations, citations_en: citations }) // prettier-ignore
  return {
    results: [
      { code: 'due', label: '应缴印花税', label_en: 'Stamp duty due', value: due, unit: 'fen' },
      { code: 'relief', label: '减免', label_en: 'Relief', value: duty - due, unit: 'fen' },
    ],
    lines: [
      line('duty', '计税', 'Duty', `合同金额 × ${kind === 'sale' ? '万分之三' : '千分之一'}`, 'Amount × rate', duty),
      line('due', '应缴', 'Due', '小规模纳税人减半', 'Halved for small-scale taxpayers', due),
    ],
  }
}

/** An application on the wire. */
export function out(one, { problems = false } = {}) {
  const matter = MATTERS[one.code]
  const { code, title, title_en, say, say_en, screens } = matter
  const shown = shownAsks(one)
  const next = shown.find((ask) => !ask.is_optional && wrongOf(one, ask))
  const wanted = shown.filter((ask) => !ask.is_optional)
  const may = MAY[one.state] ?? []
  const ended = one.state === 'approved' || one.state === 'refused'
  return {
    application_id: one.application_id, application_no: one.application_no,
    matter: { code, title, title_en, say, say_en, screens, promise: promiseOf(matter), fee_fen: 0, is_current: true },
    state: one.state, state_name: one.state, state_name_en: one.state, version: one.version, category: 'individual_business',
    started_at: NOW, updated_at: one.updated_at, submitted_at: one.submitted_at ?? null, due_on: one.due_on ?? null,
    started_channel: 'h5', last_channel: 'h5',
    sections: matter.sections.map((section) => ({ ...section, asks: section.asks.map((ask) => askOut(one, ask)) })),
    next: next?.code ?? null,
    progress: { answered: wanted.filter((ask) => !wrongOf(one, ask)).length, total: wanted.length },
    problems: problems ? problemsOf(one) : [],
    needs: one.needs ?? [],
    papers: matter.papers.map((paper) => ({ ...paper, is_optional: paper.is_optional ?? false, is_on_file: paper.is_on_file ?? false, is_needed: isPaperNeeded(one, paper), files: one.files[paper.code] ?? [] })),
    computed: computedOf(one), decision: one.decision ?? null, supplement: one.state === 'supplement' ? one.supplement : null,
    outcome: one.state === 'approved' ? { values: {}, lines: matter.lines ?? [] } : null,
    document: one.document ?? null, timeline: one.timeline, rating: one.rating ?? null,
    may: ended && !one.rating ? [...may, 'rate'] : may, journey_id: one.journey_id ?? null,
  } // prettier-ignore
}

export function cardOf(one) {
  const { code, title, title_en } = MATTERS[one.code]
  const { application_id, application_no, state, updated_at, submitted_at = null, due_on = null, journey_id = null } = one
  return { application_id, application_no, matter_code: code, title, title_en, state, state_name: state, state_name_en: state, updated_at, submitted_at, due_on, until_on: state === 'supplement' ? one.supplement.until : null, last_channel: 'h5', journey_id, is_rated: Boolean(one.rating) } // prettier-ignore
}

/** A yes or a no, as an officer's or at once. */
export function decide(one, outcome, reason = '') {
  const matter = MATTERS[one.code]
  one.state = outcome === 'yes' ? 'approved' : 'refused'
  one.decision = { outcome, reason, by_office: '西湖区税务局', is_instant: !matter.decide, decided_at: NOW }
  if (matter.document && outcome === 'yes')
    one.document = { document_id: randomUUID(), document_no: '西税通〔2026〕第 000042 号', title: matter.document[0], title_en: matter.document[1], verify_url: '/verify/K7QX2M9P' } // prettier-ignore
  move(one, one.state, matter.decide ? '王*' : '', reason)
}

export function submit(one) {
  one.submitted_at = NOW
  one.version += 1
  move(one, 'submitted', '张*满')
  if (!MATTERS[one.code].decide) decide(one, 'yes')
  else Object.assign(one, { state: MATTERS[one.code].decide === 'two' ? 'in_review' : 'submitted', due_on: '2026-11-04', supplement: null })
}

/** What is there when the stage is set: one of each. */
export function exampleApplications() {
  const waiting = begin('FPBL-002', { answers: { direction: 'raise', requested_quota: 50_000_000, reason: '接了食堂的大单' } })
  submit(waiting)
  const back = begin('TDS-001', { answers: { account_no: '6222020000000000001', reason: '重复缴款', confirms: true } })
  submit(back)
  back.supplement = { text: '账号的户名与登记名称不一致，请改为对公账号，并说明是哪一天缴的。', asks: ['account_no', 'reason'], papers: [], until: '2026-10-30' }
  back.state = 'supplement'
  move(back, 'supplement', '王*', '请补正账号')
  const found = begin('FPBL-001')
  submit(found)
  const refused = begin('FPBL-013', { answers: { buyer: '知味观', kind: 'service', lines: [{ name: '翻译', amount: 80_000 }], confirms: true } })
  submit(refused)
  decide(refused, 'no', '付款凭证看不清，请重新拍一张。')
  const draft = begin('SBNS-021', { answers: { signed_on: '2026-10-12' } })
  return [waiting, back, found, refused, draft]
}
