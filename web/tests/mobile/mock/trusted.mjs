/** What the mock knows of documents that were served and of third-party applications, each as the house shapes it. */
import { NOW } from './town.mjs'

const SERVED_NO = 'TZ20261021PQRGNX3WSKF7GCQ'
const SERVED = {
  document_no: SERVED_NO,
  message_id: 'm-served',
  kind: 'notice',
  title: '税费种认定通知书',
  title_en: 'Notice of the taxes and fees assigned',
  entered_at: NOW,
  served_on: NOW.slice(0, 10),
}
const SERVICE = {
  ...SERVED,
  document_id: 'd1',
  digest: '9c510f',
  law: '国家税务总局公告2019年第39号《税务文书电子送达规定（试行）》第三条（签订确认书）、第五条（到达特定系统的日期为送达日期）',
  asks: 'read',
  signed_at: null,
  readers: [
    { is_me: true, name: '张*满', read_at: null },
    { is_me: false, name: '章*计', read_at: NOW },
  ],
  attempts: [{ at: NOW, on_day: null, outcome_name: '电话联系到本人', outcome_name_en: 'Reached by phone', receipt_no: '' }],
}
const PROOF = {
  proof_id: 'p1',
  proof_no: 'HZ20261029VX9JMR3RS1RRWGN',
  served_no: SERVED_NO,
  cause: 'read',
  issued_at: NOW,
  pdf_path: '/api/certificates/documents/d1/pdf',
  verify_code: '',
  verify_url: '',
}

const scope = (code, title, title_en, say, say_en, is_held = true) => ({ code, title, title_en, say, say_en, is_held })
const SCOPES = [
  scope('returns.due', '查看待申报', 'See returns that are due', '查看有哪些税要申报、截止哪一天', 'See which returns are due, and by which day'),
  scope('invoices.sums', '查看开票合计', 'See invoice totals', '查看按月的开票金额合计', 'See monthly totals of invoices issued'),
  scope('certificates.read', '查看完税证明', 'See certificates', '查看已开具的完税证明', 'See certificates issued', false),
]
const APPLICATION = {
  name: '云汀记账',
  name_en: 'Yunting Books',
  organisation: '云汀软件有限公司',
  purpose: '在记账软件里提醒申报日期',
  purpose_en: 'Remind of returns in bookkeeping software',
  is_trial: true,
  scopes: SCOPES,
}
const ASK = { ...APPLICATION, is_read: true, request_id: 'r1', ticket: 't1', fits: true, leads_to: 'books.example', expires_at: NOW }
const consent = (consent_id, state, more) => ({
  ...APPLICATION,
  ...{ consent_id, state, hat_title: '小满面馆', is_mine: true },
  ...{ given_at: NOW, until_at: '2027-02-21T00:00:00Z', ended_at: null, end_reason: null, ...more },
})
const CONSENTS = [consent('c1', 'open'), consent('c2', 'ended', { ended_at: NOW, end_reason: 'taken_back', is_trial: false })]
const READINGS = [{ act: 'partners.read', at: NOW, what: 'returns.due', what_name: '查看待申报', what_name_en: 'See returns that are due' }]

export const trusted = (on) => [
  on('GET', '/api/messaging/services', () => [200, { services: [SERVED], next_cursor: null }]),
  on('GET', '/api/messaging/messages/m-served/service', () => [200, SERVICE]),
  on('GET', '/api/certificates/proofs', () => [200, [PROOF]]),
  on('GET', '/api/partners/asks/r1', () => [200, ASK]),
  on('GET', '/api/partners/consents', () => [200, CONSENTS]),
  on('GET', '/api/partners/consents/[^/]+/readings', () => [200, READINGS]),
]
