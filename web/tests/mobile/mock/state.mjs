/** What the mock remembers. */
import { randomUUID } from 'node:crypto'
import { HATS, makeInvoices } from './town.mjs'

/** A fresh stage: scenario "due", "overdue", "quiet"; `scale` makes amounts big; `lose` loses that many answers to submissions. */
export function newState({ scenario = 'due', scale = 1, lose = 0 } = {}) {
  return {
    scenario,
    lose,
    down: false,
    hat: HATS[0],
    scale,
    invoices: makeInvoices(scale),
    draftId: randomUUID(),
    version: 3,
    corrections: {},
    isBegun: false,
    returns: [],
    orders: [],
    certificates: [],
    imports: [],
    keys: new Map(),
    factorUntil: 0,
    tokens: 0,
    authorisations: exampleAuthorisations(),
    ticket: 'waiting',
    devices: exampleDevices(),
  }
}

function exampleAuthorisations() {
  const base = {
    taxpayer_id: 1001,
    role_code: 'agent',
    role_name: '代理机构',
    role_name_en: 'Agent',
    valid_from: '2026-01-01',
    valid_until: '2027-03-31',
    scopes: ['invoice.read', 'filing.read', 'filing.write', 'filing.submit'],
  }
  return [
    {
      ...base,
      authorisation_id: randomUUID(),
      taxpayer_name: '杭州云栖文化传播有限公司',
      person_name_masked: '张*满',
      phone_masked: '138****5678',
      state: 'waiting',
      is_mine: true,
    },
    {
      ...base,
      authorisation_id: randomUUID(),
      taxpayer_name: '西湖区张记茶叶店',
      person_name_masked: '陈*',
      phone_masked: '139****1122',
      state: 'active',
      is_mine: false,
    },
  ]
}

function exampleDevices() {
  const seen = { signed_in_at: '2026-10-01T01:00:00Z', last_seen_at: '2026-10-21T03:20:00Z' }
  return [
    { session_id: randomUUID(), name: 'iPhone · 微信', channel: 'miniprogram', is_current: false, ...seen },
    { session_id: randomUUID(), name: 'Android · Chrome', channel: 'h5', is_current: true, ...seen },
  ]
}
