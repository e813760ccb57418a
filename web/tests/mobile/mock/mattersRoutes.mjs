/** Routes of the mock's matters, messages: what the phone asks of /api/matters and /api/messaging. */
import { randomUUID } from 'node:crypto'
import { MATTERS, STEPS, THEME, THEME_ASKS, catalogue } from './mattersData.mjs'
import { askOut, begin, cardOf, decide, exampleApplications, everyAsk, move, out, problem, problemsOf, promiseOf, submit } from './matters.mjs'
import { notices } from './notices.mjs'
import { NOW } from './town.mjs'
import { trusted } from './trusted.mjs'
import { affairs } from './affairs.mjs'

const CHUNK = 64 * 1024
const PICTURE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64')
const PDF = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n')
const unknown = () => problem(404, 'matters.application_unknown', '没有找到这件办理', '请在“我的办件”里查看')

/** What the mock remembers of matters; made when it is first asked for. */
export function desk(state) {
  state.matters ??= { applications: exampleApplications(), uploads: new Map(), journeys: [], keys: new Map(), messages: messages() }
  return state.matters
}

function messages() {
  const base = { template: 'x', subject_kind: 'application', created_at: NOW, read_at: null }
  const make = (topic, title, title_en, body, body_en, more) => ({ ...base, message_id: randomUUID(), topic, title, title_en, body, body_en, subject_id: null, ...more }) // prettier-ignore
  return [
    make('progress', '请补正退税申请', 'Please complete your refund', '账号的户名与登记名称不一致，请在10月30日前补好。', 'The account name differs from the register. Please mend it by 30 October.', { find: 'TDS-001' }),
    make('deadline', '三季度增值税还有 5 天截止', 'VAT for Q3 is due in 5 days', '截止日是10月26日。', 'It is due on 26 October.', {}),
    make('policy', '小规模纳税人减按 1% 征收继续执行', 'The 1% rate goes on', '到 2027 年 12 月 31 日。', 'Until 31 December 2027.', { read_at: NOW, subject_kind: 'campaign' }),
  ] // prettier-ignore
}

const find = (state, id) => desk(state).applications.find((one) => one.application_id === id)
const withOne = (act) => (context) => {
  const one = find(context.state, context.ids[0])
  return one ? act(one, context) : unknown()
}
const whoOf = (state) => (state.hat.kind === 'self' ? 'natural_person' : 'individual_business')

function matterOut({ state, ids: [code], headers }) {
  const matter = MATTERS[code]
  if (!matter) return problem(404, 'matters.matter_unknown', `没有编号为“${code}”的事项`, '请在“办事”里搜索')
  const isIn = Boolean(headers.authorization)
  const may = matter.who.includes(whoOf(state))
  const draft = isIn && desk(state).applications.find((one) => one.code === code && one.state === 'draft')
  const { title, title_en, say, say_en, who, mobile, screens, law, sections, papers, document } = matter
  return [200, {
    code, group: code.split('-')[0], group_name: '', group_name_en: '', title, title_en, say, say_en, who, who_words: '', who_words_en: '',
    mobile, level: 'full', screens, law, promise: promiseOf(matter), fee_fen: 0, decided_by: matter.decide ?? 'instant',
    sections: sections.map((section) => ({ ...section, asks: section.asks.map((ask) => askOut(null, ask)) })),
    papers: papers.map((paper) => ({ ...paper, is_optional: paper.is_optional ?? false, is_conditional: Boolean(paper.when), is_on_file: isIn ? (paper.is_on_file ?? false) : null })),
    computes_law: null, document_title: document?.[0] ?? null, document_title_en: document?.[1] ?? null,
    may_start: isIn ? may : null, why_not: isIn && !may ? '这件事要以个人身份办理。' : null, why_not_en: isIn && !may ? 'This is done as an individual.' : null,
    draft_id: draft ? draft.application_id : null,
  }] // prettier-ignore
}

function search({ query }) {
  const words = query.get('q').toLowerCase()
  const pinyin = { ed: '额度', tuishui: '退', yhs: '印花税' }
  const wanted = pinyin[words] ?? words
  const cards = [{ ...THEME, kind: 'theme' }, ...Object.values(MATTERS).map((one) => ({ ...one, kind: 'matter' }))]
  const hits = cards
    .filter((one) => `${one.title}${one.say}${one.title_en}${one.say_en}`.toLowerCase().includes(wanted))
    .map(({ kind, code, title, title_en, say, say_en }) => {
      const start = title.indexOf(wanted)
      return { kind, code, title, title_en, say, say_en, marks: start < 0 ? [] : [[start, start + wanted.length]], may_start: null }
    })
  return [200, { hits, took_us: 900 }]
}

function start({ state, body }) {
  const { applications } = desk(state)
  const open = !body.fresh && applications.find((one) => one.code === body.matter_code && one.state === 'draft')
  if (open) return [200, out(open)]
  const one = begin(body.matter_code)
  applications.unshift(one)
  return [200, out(one)]
}

function list({ state, query }) {
  const group = (one) => (one.state === 'draft' ? 'drafts' : ['submitted', 'in_review', 'supplement'].includes(one.state) ? 'open' : 'done')
  const all = desk(state).applications.filter((one) => one.state !== 'discarded')
  const counts = Object.fromEntries(['open', 'drafts', 'done'].map((name) => [name, all.filter((one) => group(one) === name).length]))
  const found = all.filter((one) => group(one) === query.get('group') && MATTERS[one.code].title.includes(query.get('q') ?? ''))
  return [200, { applications: found.map(cardOf), next_cursor: null, counts }]
}

function save(one, { body }) {
  if (body.version !== one.version)
    return problem(409, 'matters.version_conflict', '这份草稿刚在别处改过', '已为您保留本次填写', { current_version: one.version })
  const known = new Set(everyAsk(one.code).map((ask) => ask.code))
  const wrong = Object.entries(body.answers).find(([code, value]) => !known.has(code) || value === 'REFUSED')
  if (wrong)
    return problem(422, 'matters.answer_refused', '“补充说明”不能这样写', '请改正后再保存', { problems: [{ at: wrong[0], text: '不能这样写', text_en: 'Not like this' }] })
  for (const [code, value] of Object.entries(body.answers)) {
    if (value === null) delete one.answers[code]
    else one.answers[code] = { value, source: 'person' }
  }
  one.version += 1
  return [200, out(one)]
}

function handIn(one, { state, body }) {
  const { keys } = desk(state)
  if (keys.get(body.idempotency_key) === one.application_id) return [200, out(one)]
  if (one.state !== 'draft' && one.state !== 'supplement') return problem(409, 'matters.state_refused', '当前状态不能这样操作', '请刷新查看最新进展')
  if (body.version !== one.version) return problem(409, 'matters.version_conflict', '这份草稿刚在别处改过', '', { current_version: one.version })
  const problems = problemsOf(one)
  if (problems.length) return problem(409, 'matters.incomplete', `还有 ${problems.length} 处需要处理`, '逐项处理后再提交', { problems })
  submit(one)
  keys.set(body.idempotency_key, one.application_id)
  return state.lose-- > 0 ? [0] : [200, out(one)]
}

function beginUpload({ state, body }) {
  const upload_id = randomUUID()
  desk(state).uploads.set(upload_id, { ...body, upload_id, offset: 0 })
  return [200, { upload_id, offset: 0, size_bytes: body.size_bytes, chunk_bytes: CHUNK, is_complete: false, paper: null }]
}

function piece({ state, ids: [id], query, raw }) {
  const upload = desk(state).uploads.get(id)
  if (!upload) return problem(404, 'matters.upload_unknown', '没有找到这次上传')
  if (state.breakAt !== undefined && upload.offset >= state.breakAt) {
    if (state.breaks-- > 0) return [0]
  }
  if (Number(query.get('offset')) !== upload.offset) return problem(409, 'matters.upload_offset', '上传位置不对', '', { offset: upload.offset })
  upload.offset += raw.length
  const isDone = upload.offset >= upload.size_bytes
  const name = upload.file_name
  const paper = { paper_id: randomUUID(), name, size_bytes: upload.size_bytes, pages: 1, media_type: 'image/jpeg', has_thumbnail: !name.endsWith('.pdf'), added_at: NOW }
  if (isDone) {
    const one = find(state, upload.application_id)
    one.files[upload.paper_code] = [...(one.files[upload.paper_code] ?? []), paper]
    one.version += 1
  }
  return [200, { upload_id: id, offset: upload.offset, size_bytes: upload.size_bytes, chunk_bytes: CHUNK, is_complete: isDone, paper: isDone ? paper : null }]
}

function removePaper({ state, ids: [id] }) {
  const one = desk(state).applications.find((entry) => Object.values(entry.files).flat().some((file) => file.paper_id === id))
  if (!one) return unknown()
  for (const code of Object.keys(one.files)) one.files[code] = one.files[code].filter((file) => file.paper_id !== id)
  one.version += 1
  return [200, out(one)]
}

const stepWords = ({ matter_code, after }) => {
  const { title, title_en, say, say_en } = MATTERS[matter_code]
  return { matter_code, title, title_en, say, say_en, after, is_optional: false, is_conditional: false }
}
function journeyOut(state, journey) {
  const asks = THEME_ASKS.map((ask) => ({ ...askOut(null, ask), value: journey.answers[ask.code] ?? null, is_shown: true }))
  const states = { approved: 'approved', refused: 'refused', submitted: 'submitted', in_review: 'submitted', supplement: 'submitted' }
  const done = (code) => journey.steps[code] && find(state, journey.steps[code])?.state === 'approved'
  const steps = STEPS.map((step) => {
    const one = find(state, journey.steps[step.matter_code])
    const failed = journey.failed === step.matter_code
    const now = failed ? 'failed' : one ? (states[one.state] ?? 'draft') : waits(journey, step, done)
    return { ...stepWords(step), state: now, application_id: one?.application_id ?? null, ...whyOf(now, step), may_leave_out: false }
  })
  const answered = asks.filter((ask) => ask.value !== null).length
  return { journey_id: journey.id, theme: THEME, state: journey.state, version: journey.version, asks, next: asks.find((ask) => ask.value === null)?.code ?? null, problems: [], steps, progress: { answered, total: asks.length }, started_at: NOW, updated_at: NOW } // prettier-ignore
}
const NO_WORDS = { why: '', why_en: '', hint: '', hint_en: '' }
function waits(journey, step, done) {
  if (step.after.includes(journey.failed)) return 'stopped'
  return step.after.every(done) && journey.state === 'running' ? 'ready' : 'waiting'
}
/** As the house words it. */
function whyOf(now, step) {
  const [zh, en] = ['title', 'title_en'].map((name) => step.after.map((code) => MATTERS[code][name]).join('、'))
  if (now === 'failed') return { why: '账号校验没有通过。', why_en: 'The account did not check out.', hint: '改正账号后重新办这一步。', hint_en: 'Mend the account and redo this step.' } // prettier-ignore
  if (now === 'waiting') return { ...NO_WORDS, why: `要等“${zh}”办好`, why_en: `Waits for “${en}”` }
  if (now !== 'stopped') return NO_WORDS
  return { why: `“${zh}”没有办成，这一步先停下`, why_en: `“${en}” did not go through, so this one has stopped`, hint: '重办那一步，办好后会自动接着办', hint_en: 'Begin that step anew; this one then goes on by itself' } // prettier-ignore
}
const withJourney = (act) => (context) => {
  const found = desk(context.state).journeys.find((one) => one.id === context.ids[0])
  return found ? (act(found, context), [200, journeyOut(context.state, found)]) : problem(404, 'matters.journey_unknown', '没有找到')
}
function startJourney({ state }) {
  const journey = { id: randomUUID(), answers: {}, state: 'draft', version: 1, steps: {} }
  desk(state).journeys.unshift(journey)
  return [200, journeyOut(state, journey)]
}
function goOn(journey, { state }) {
  const isDone = (code) => find(state, journey.steps[code])?.state === 'approved'
  for (const step of STEPS) {
    if (journey.steps[step.matter_code] || journey.failed === step.matter_code || !step.after.every(isDone)) continue
    const answers = step.matter_code === 'XXBG-009' ? { ...journey.answers, opened_on: '2026-10-20' } : {}
    const one = begin(step.matter_code, { answers, more: { journey_id: journey.id } })
    if (step.matter_code === 'XXBG-009') submit(one)
    desk(state).applications.unshift(one)
    journey.steps[step.matter_code] = one.application_id
  }
}
function submitJourney(journey, context) {
  journey.state = 'running'
  if (context.state.failStep) journey.failed = context.state.failStep
  goOn(journey, context)
}
function retry(journey, { state, body }) {
  delete journey.failed
  const one = begin(body.matter_code, { answers: journey.answers, more: { journey_id: journey.id } })
  desk(state).applications.unshift(one)
  journey.steps[body.matter_code] = one.application_id
}

/** The other side: an officer's or another phone's act, by the mock's own address. */
function elsewhere({ state, body }) {
  const one = find(state, body.application_id)
  if (body.answers) for (const [code, value] of Object.entries(body.answers)) one.answers[code] = { value, source: 'person' }
  if (body.outcome) decide(one, body.outcome, body.reason ?? '')
  one.version += 1
  for (const tell of state.listeners ?? []) tell(one)
  return [200, out(one)]
}
function live({ state }) {
  return [200, (request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    response.write('retry: 3000\n\n')
    state.listeners ??= new Set()
    const tell = (one) => response.write(`event: changed\ndata: ${JSON.stringify({ application_id: one.application_id, state: one.state, at: NOW })}\n\n`)
    state.listeners.add(tell)
    request.on('close', () => state.listeners.delete(tell))
  }] // prettier-ignore
}
function inbox({ state, query }) {
  const { messages: all, applications } = desk(state)
  for (const one of all) if (one.find) one.subject_id = applications.find((entry) => entry.code === one.find)?.application_id ?? null
  const shown = all.filter((one) => !query.get('topic') || one.topic === query.get('topic'))
  return [200, { messages: shown, next_cursor: null, unread: all.filter((one) => !one.read_at).length }]
}

const id = '([^/]+)'
const on = (method, path, handle) => [method, new RegExp(`^${path}$`), handle]
const root = '/api/matters'
export const matterRoutes = [
  on('POST', '/mock/elsewhere', elsewhere),
  on('GET', `${root}/catalogue`, ({ headers }) => (headers['if-none-match'] === '"mock-1"' ? [304] : [200, catalogue()])),
  on('GET', `${root}/catalogue/${id}`, matterOut),
  on('GET', `${root}/search`, search),
  on('GET', `${root}/popular`, () => [200, { ...search({ query: new Map([['q', '申']]) })[1] }]),
  on('GET', `${root}/live`, live),
  on('GET', `${root}/changes`, ({ state }) => [200, { changes: state.changes ?? [], now: NOW }]),
  on('GET', `${root}/affairs`, ({ state }) => [200, affairs({ applications: desk(state).applications, scale: state.scale, isSelf: state.hat.kind === 'self' })]),
  on('GET', `${root}/affairs/export`, () => [200, PDF]),
  on('POST', `${root}/applications`, start),
  on('GET', `${root}/applications`, list),
  on('GET', `${root}/applications/${id}`, withOne((one) => [200, out(one)])),
  on('PATCH', `${root}/applications/${id}`, withOne(save)),
  on('POST', `${root}/applications/${id}/check`, withOne((one) => [200, out(one, { problems: true })])),
  on('POST', `${root}/applications/${id}/submission`, withOne(handIn)),
  on('POST', `${root}/applications/${id}/withdrawal`, withOne((one) => ((one.state = 'withdrawn'), move(one, 'withdrawn', '张*满'), [200, out(one)]))),
  on('POST', `${root}/applications/${id}/restoration`, withOne((one) => ((one.state = 'draft'), [200, out(one)]))),
  on('DELETE', `${root}/applications/${id}`, withOne((one) => ((one.state = 'discarded'), [200, out(one)]))),
  on('POST', `${root}/applications/${id}/rating`, withOne((one, { body }) => ((one.rating = { stars: body.stars }), [200, out(one)]))),
  on('GET', `${root}/applications/${id}/summary/pdf`, () => [200, PDF]),
  on('GET', `/api/certificates/documents/${id}/pdf`, () => [200, PDF]),
  on('POST', `${root}/uploads`, beginUpload),
  on('GET', `${root}/uploads/${id}`, ({ state, ids }) => {
    const upload = desk(state).uploads.get(ids[0])
    return upload ? [200, { ...upload, chunk_bytes: CHUNK, is_complete: false, paper: null }] : problem(404, 'matters.upload_unknown', '没有找到这次上传')
  }),
  on('PUT', `${root}/uploads/${id}/bytes`, piece),
  on('GET', `${root}/papers/${id}/(?:file|thumbnail)`, () => [200, PICTURE]),
  on('DELETE', `${root}/papers/${id}`, removePaper),
  on('GET', `${root}/themes/${id}`, ({ headers }) => [200, { theme: THEME, asks: [], steps: STEPS.map(stepWords), may_start: headers.authorization ? true : null }]),
  on('POST', `${root}/journeys`, startJourney),
  on('GET', `${root}/journeys`, ({ state }) => [200, desk(state).journeys.map((one) => journeyOut(state, one))]),
  on('GET', `${root}/journeys/${id}`, withJourney(() => undefined)),
  on('PATCH', `${root}/journeys/${id}`, withJourney((one, { body }) => (Object.assign(one.answers, body.answers), (one.version += 1)))),
  on('POST', `${root}/journeys/${id}/submission`, withJourney(submitJourney)),
  on('POST', `${root}/journeys/${id}/continuation`, withJourney(goOn)),
  on('POST', `${root}/journeys/${id}/retry`, withJourney(retry)),
  on('GET', '/api/messaging/messages', inbox),
  ...notices(on),
  ...trusted(on),
  on('POST', `/api/messaging/messages/${id}/reading`, ({ state, ids }) => {
    const one = desk(state).messages.find((entry) => entry.message_id === ids[0])
    one.read_at = NOW
    return [200, one]
  }),
] // prettier-ignore
