/** The mock's routes: [method, pattern, handler → [status, body]]; status 0 loses the answer. */
import { randomUUID } from 'node:crypto'
import { CALENDAR, HATS, NOW, PERIOD, PERSON, TAX, makeDraft, makeExplanation } from './town.mjs'
import { calculate, calculator, shelf } from './calculators.mjs'
import { appointmentRoutes } from './appointments.mjs'
import { matterRoutes } from './mattersRoutes.mjs'
import { importRows, importStep, invoices } from './invoices.mjs'
import { newState } from './state.mjs'

const problem = (status, code, text, hint = '', fields = {}) => [status, { code, text, hint, fields, trace_id: 'mock-trace' }]
const me = (state) => ({ person: PERSON, hat: state.hat, hats: HATS, second_factor_until: null, today: NOW.slice(0, 10) })
const session = (state) => ({
  access_token: `access-${++state.tokens}`,
  access_expires_at: '2026-10-21T05:00:00Z',
  refresh_token: `refresh-token-number-${state.tokens}`,
  me: me(state),
})

function obligation(state, more = {}) {
  const isLate = state.scenario === 'overdue'
  const draft = makeDraft(state)
  return {
    ...TAX,
    ...PERIOD,
    opens_on: '2026-10-01',
    due_on: isLate ? '2026-09-23' : '2026-10-26',
    days_left: isLate ? -28 : 5,
    rolled_days: isLate ? 0 : 11,
    roll_reason: '申报期内国庆节放假7天，顺延7个工作日',
    roll_reason_en: 'National Day (7 days) within the filing window: 7 working days later',
    state: isLate ? 'overdue' : 'open',
    estimate_fen: draft.result.payable_fen,
    late_fee_fen: draft.result.late_fee_fen,
    draft_id: null,
    return_id: null,
    order_id: null,
    ...more,
  }
}

function home({ state }) {
  const filed = state.returns.find((one) => one.state === 'accepted')
  const next = obligation(state, {
    period: '2026Q4',
    period_label: '2026 年第四季度',
    period_label_en: 'Q4 2026',
    opens_on: '2027-01-01',
    due_on: '2027-01-18',
    days_left: 89,
    rolled_days: 3,
    roll_reason: '遇元旦和周末',
    roll_reason_en: 'New Year and a weekend',
    state: 'not_open',
    estimate_fen: null,
    late_fee_fen: 0,
  })
  if (state.scenario === 'quiet' || filed?.payment_state === 'paid')
    return [200, { as_of: '2026-10-21', first: null, waiting: [], next_quiet: next }]
  const unpaid = filed && { state: 'unpaid', return_id: filed.return_id }
  const older = obligation(state, {
    period: '2026Q2',
    period_label: '2026 年第二季度',
    period_label_en: 'Q2 2026',
    due_on: '2026-11-16',
    days_left: 26,
    rolled_days: 0,
    state: 'unpaid',
    estimate_fen: 12_850,
    late_fee_fen: 0,
  })
  return [200, { as_of: '2026-10-21', first: obligation(state, unpaid || {}), waiting: [older], next_quiet: null }]
}

function changeDraft({ state, body }) {
  if (body.version !== state.version) return problem(409, 'filing.draft_changed', '这份申报在别处改过了。', '请比较两个数，选择用哪个。')
  for (const one of body.corrections) {
    if (one.value_fen === null) delete state.corrections[one.field]
    else state.corrections[one.field] = { value_fen: one.value_fen, reason: one.reason }
  }
  state.version += 1
  return [200, makeDraft(state)]
}

function submit({ state, body, headers }) {
  const key = headers['idempotency-key']
  const before = state.keys.get(key)
  if (before)
    return JSON.stringify(before.body) === JSON.stringify(body)
      ? [201, before.value]
      : problem(422, 'plumbing.idempotency_mismatch', '同一次提交内容不同。')
  if (state.returns.some((one) => one.state === 'accepted'))
    return problem(409, 'filing.already_filed', '这一期已经申报过了。', '可以在申报记录里更正。')
  const draft = makeDraft(state)
  const filed = {
    return_id: randomUUID(),
    return_no: '3301062026102100012',
    kind: 'original',
    state: 'accepted',
    ...TAX,
    ...PERIOD,
    filed_at: NOW,
    filed_channel: headers['x-channel'],
    filed_by_name_masked: '张*满',
    due_on: draft.due_on,
    fields: draft.fields.map((field) => ({ ...field, may_edit: false })),
    result: draft.result,
    charges: [],
    amends_return_id: null,
    superseded_by_return_id: null,
    void_reason: null,
    payment_state: draft.result.due_now_fen > 0 ? 'unpaid' : 'nothing_due',
    order_id: null,
    may_amend: true,
    may_void: true,
  }
  state.returns.unshift(filed)
  state.keys.set(key, { body, value: filed })
  if (state.lose > 0) {
    state.lose -= 1
    return [0]
  }
  return [201, filed]
}

function order({ state, body }) {
  const filed = state.returns.find((one) => one.return_id === body.return_id)
  if (!filed) return problem(404, 'filing.return_unknown', '没有找到这份申报。')
  if (['paid', 'nothing_due'].includes(filed.payment_state)) return problem(409, 'payment.nothing_due', '这张申报表没有需要缴纳的税款')
  let found = state.orders.find((one) => one.return_id === filed.return_id)
  if (!found) {
    const { result } = filed
    const item = (tax_name, tax_name_en, amount_fen, late_fee_fen = 0) => ({
      tax_type_code: tax_name_en,
      tax_name,
      tax_name_en,
      period: filed.period,
      amount_fen,
      late_fee_fen,
    })
    const value = (code) => filed.fields.find((field) => field.code === code).value_fen
    found = {
      order_id: randomUUID(),
      order_no: 'PT20261021000042',
      return_id: filed.return_id,
      state: 'created',
      way: null,
      amount_fen: result.due_now_fen,
      items: [
        item('增值税', 'VAT', value('vat'), result.late_fee_fen),
        item('城市维护建设税', 'Urban maintenance tax', value('urban')),
        item('教育费附加', 'Education surcharge', value('education')),
        item('地方教育附加', 'Local education surcharge', value('local_education')),
      ],
      created_at: NOW,
      expires_at: '2026-10-21T08:08:30Z',
      paid_at: null,
      channel_trade_no: null,
      refunds: [],
    }
    state.orders.push(found)
    filed.order_id = found.order_id
  }
  return [200, found]
}

function pay({ state, body, ids }) {
  const found = state.orders.find((one) => one.order_id === ids[0])
  found.state = 'paying'
  found.way = 'wechat'
  return [
    200,
    body.trade === 'jsapi'
      ? {
          trade: 'jsapi',
          app_id: 'wxtest',
          time_stamp: '1792562910',
          nonce_str: 'n0nce',
          package: 'prepay_id=wx1',
          sign_type: 'RSA',
          pay_sign: 'c2lnbmVk',
          h5_url: null,
        }
      : {
          trade: 'h5',
          app_id: null,
          time_stamp: null,
          nonce_str: null,
          package: null,
          sign_type: null,
          pay_sign: null,
          h5_url: `/mock/cashier?order=${found.order_id}`,
        },
  ]
}

function settle(state, orderId) {
  const found = state.orders.find((one) => one.order_id === orderId)
  Object.assign(found, { state: 'paid', paid_at: NOW, channel_trade_no: '4200002026102112345678' })
  Object.assign(
    state.returns.find((one) => one.return_id === found.return_id),
    { payment_state: 'paid', may_void: false },
  )
}

function askChannel({ state, ids }) {
  const found = state.orders.find((one) => one.order_id === ids[0])
  if (found.state === 'paying' && state.scenario !== 'slow') settle(state, found.order_id)
  return [200, found]
}

function certificate({ state, body }) {
  const paid = state.orders.find((one) => one.order_id === body.order_id)
  let found = state.certificates.find((one) => one.order_id === body.order_id)
  if (!found) {
    const certificate_id = randomUUID()
    found = {
      certificate_id,
      certificate_no: '（2026）浙杭税证 000042 号',
      kind: 'tax_paid',
      state: 'valid',
      taxpayer_name: state.hat.title,
      uscc: state.hat.uscc,
      items: paid.items,
      total_fen: paid.amount_fen,
      paid_on: '2026-10-21',
      issued_at: NOW,
      order_id: paid.order_id,
      return_id: paid.return_id,
      verify_code: 'K7QX2M9P',
      verify_url: '/verify/K7QX2M9P',
      pdf_path: `/api/certificates/${certificate_id}/pdf`,
    }
    state.certificates.push(found)
  }
  return [200, found]
}

function answerAuthorisation(next) {
  return ({ state, ids }) => {
    if (next === 'revoked' && Date.now() > state.factorUntil)
      return problem(403, 'identity.second_factor_needed', '这一步需要再确认一次是您本人。', '请输入短信验证码。')
    const found = state.authorisations.find((one) => one.authorisation_id === ids[0])
    found.state = next
    return [200, found]
  }
}

const id = '([^/]+)'
const on = (method, path, handle) => [method, new RegExp(`^${path}$`), handle]
const draftOf = ({ state }) => [200, makeDraft(state)]

export const routes = [
  on(
    'POST',
    '/mock/scenario',
    ({ world, body }) => ((world.state = { ...newState(body), tokens: world.state.tokens }), (world.asked.length = 0), [200, {}]),
  ),
  on('POST', '/mock/set', ({ state, body }) => (Object.assign(state, { lapsedAt: undefined }, body), [200, {}])),
  on('GET', '/mock/cashier', ({ state, query }) => (settle(state, query.get('order')), [200, { back: query.get('redirect_url') }])),
  on('POST', '/api/identity/sms-codes', () => [200, { expires_in_seconds: 300, resend_in_seconds: 60 }]),
  on('POST', '/api/identity/sessions/sms', ({ state, body }) =>
    body.code === '246810'
      ? [200, session(state)]
      : problem(409, 'identity.code_wrong', '验证码不对。', '请看看最新一条短信，还可以试 4 次。'),
  ),
  on('POST', '/api/identity/sessions/wechat', ({ state, body }) =>
    state.scenario === 'new_wechat' && !body.phone_code
      ? problem(409, 'identity.phone_needed', '第一次登录需要手机号。')
      : [200, session(state)],
  ),
  on('POST', '/api/identity/sessions/refresh', ({ state }) => [200, session(state)]),
  on('GET', '/api/identity/sessions', ({ state }) => [200, state.devices]),
  on('DELETE', '/api/identity/sessions(?:/current)?', () => [204]),
  on(
    'DELETE',
    `/api/identity/sessions/${id}`,
    ({ state, ids }) => ((state.devices = state.devices.filter((one) => one.session_id !== ids[0])), [204]),
  ),
  on('GET', '/api/identity/me', ({ state }) => [200, me(state)]),
  on('POST', '/api/identity/hat', ({ state, body }) => ((state.hat = HATS.find((one) => one.hat_id === body.hat_id)), [200, me(state)])),
  on('POST', '/api/identity/second-factor', ({ state, body }) =>
    body.code === '246810'
      ? ((state.factorUntil = Date.now() + 300_000), [200, { valid_until: NOW }])
      : problem(409, 'identity.code_wrong', '验证码不对。'),
  ),
  on('GET', '/api/identity/authorisations', ({ state }) => [200, state.authorisations]),
  on('POST', '/api/identity/authorisations', ({ state, body }) => {
    if (Date.now() > state.factorUntil) return problem(403, 'identity.second_factor_needed', '这一步需要再确认一次是您本人。')
    const made = {
      authorisation_id: randomUUID(),
      taxpayer_id: 1001,
      taxpayer_name: state.hat.title,
      person_name_masked: `${body.name[0]}*`,
      phone_masked: body.phone.replace(/(...)....(.*)/, '$1****$2'),
      role_code: body.role_code,
      role_name: '办税员',
      role_name_en: 'Tax clerk',
      scopes: body.scopes,
      valid_from: '2026-10-21',
      valid_until: body.valid_until,
      state: 'waiting',
      is_mine: false,
    }
    state.authorisations.push(made)
    return [200, made]
  }),
  on('POST', `/api/identity/authorisations/${id}/accept`, answerAuthorisation('active')),
  on('POST', `/api/identity/authorisations/${id}/deny`, answerAuthorisation('denied')),
  on('POST', `/api/identity/authorisations/${id}/revoke`, answerAuthorisation('revoked')),
  on('POST', `/api/identity/sign-in-tickets/${id}/scan`, () => [200, { state: 'scanned', session: null }]),
  on('POST', `/api/identity/sign-in-tickets/${id}/answer`, ({ body }) => [
    200,
    { state: body.accept ? 'confirmed' : 'refused', session: null },
  ]),
  on('GET', '/api/registry/taxpayer', () => [200, { filing_period: 'quarter', kind: 'individual_business', vat_kind: 'small_scale' }]),
  on('GET', '/api/filing/home', home),
  on('GET', '/api/filing/calendar', ({ query }) => [200, CALENDAR.filter((day) => day.due_on.startsWith(query.get('year')))]),
  on('POST', '/api/filing/drafts', draftOf),
  on('GET', `/api/filing/drafts/${id}`, draftOf),
  on('PATCH', `/api/filing/drafts/${id}`, changeDraft),
  on('GET', `/api/filing/drafts/${id}/explanation`, ({ state }) => [200, makeExplanation(makeDraft(state))]),
  on('POST', '/api/filing/returns', submit),
  on('GET', '/api/filing/returns', ({ state }) => [200, { returns: state.returns, next_cursor: null }]),
  on('GET', `/api/filing/returns/${id}`, ({ state, ids }) => {
    const found = state.returns.find((one) => one.return_id === ids[0])
    return found ? [200, found] : problem(404, 'filing.return_unknown', '没有找到这份申报。')
  }),
  on('GET', `/api/filing/returns/${id}/explanation`, ({ state }) => [200, makeExplanation(makeDraft(state))]),
  on('POST', `/api/filing/returns/${id}/amendment`, ({ state }) => [200, { ...makeDraft(state), kind: 'amendment' }]),
  on('POST', `/api/filing/returns/${id}/void`, ({ state, ids, body }) => {
    const found = state.returns.find((one) => one.return_id === ids[0])
    Object.assign(found, { state: 'void', void_reason: body.reason, may_void: false, may_amend: false })
    return [200, found]
  }),
  on('GET', '/api/knowledge/calculators', shelf),
  on('GET', '/api/knowledge/calculators/([a-z_]+)', calculator),
  on('POST', '/api/knowledge/calculators/([a-z_]+)', calculate),
  on('POST', '/api/payment/orders', order),
  on('GET', `/api/payment/orders/${id}`, ({ state, ids }) => [200, state.orders.find((one) => one.order_id === ids[0])]),
  on('POST', `/api/payment/orders/${id}/wechat`, pay),
  on('POST', `/api/payment/orders/${id}/query`, askChannel),
  on('GET', '/api/certificates', ({ state }) => [200, state.certificates]),
  on('POST', '/api/certificates', certificate),
  on('GET', `/api/certificates/${id}/pdf`, () => [
    200,
    Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n'),
  ]),
  on('GET', '/api/invoice/invoices', invoices),
  on('POST', '/api/invoice/invoices', ({ state, body }) => {
    const [line] = body.lines
    const made = {
      ...state.invoices[0],
      ...body,
      invoice_id: randomUUID(),
      invoice_no: body.invoice_no ?? '',
      amount_fen: line.amount_fen,
      tax_fen: Math.round(line.amount_fen / 100),
      total_fen: line.amount_fen + Math.round(line.amount_fen / 100),
      source: 'hand',
    }
    state.invoices.unshift(made)
    return [201, made]
  }),
  on('GET', `/api/invoice/invoices/${id}`, ({ state, ids }) => [200, state.invoices.find((one) => one.invoice_id === ids[0])]),
  on('POST', '/api/invoice/imports', ({ state }) => {
    const made = {
      import_id: randomUUID(),
      kind: 'platform_csv',
      file_name: '店铺账单-2026Q3.csv',
      state: 'queued',
      total_rows: 3_200,
      done_rows: 0,
      accepted: 0,
      duplicates: 0,
      refused: 0,
      problem: null,
      created_at: NOW,
      finished_at: null,
    }
    state.imports.unshift(made)
    return [202, made]
  }),
  on('GET', '/api/invoice/imports', ({ state }) => [200, state.imports]),
  on('GET', `/api/invoice/imports/${id}`, importStep),
  on('GET', `/api/invoice/imports/${id}/rows`, importRows),
  ...matterRoutes,
  ...appointmentRoutes,
]
