/** “My affairs” of the mock: progress and results follow its applications, everything else stands still. */
import { MATTERS } from './mattersData.mjs'

const DONE = ['approved', 'refused', 'withdrawn', 'lapsed']
const NAMES = { draft: ['wants', '草稿', 'Draft'], supplement: ['wants', '待补正', 'More is needed from you'], approved: ['good', '已办结', 'Done'], refused: ['over', '不予办理', 'Refused'] } // prettier-ignore
const GOING = ['going', '办理中', 'In progress']

const row = (title, title_en, [state, state_name, state_name_en], go, more = {}) => ({ title, title_en, value: '', value_en: '', unit: '', day: '2026-10-21', state, state_name, state_name_en, go, ...more }) // prettier-ignore
const section = (code, title, title_en, note, note_en, go, latest = [], count = latest.length) => ({
  code, title, title_en, count, note, note_en, go, latest, attention: latest.filter((one) => ['late', 'wants'].includes(one.state)).length,
  empty: code === 'violations' ? '没有违法记录。' : `没有${title}。`, empty_en: `No ${title_en.toLowerCase()}.`,
}) // prettier-ignore
const ofApplication = (one) => row(MATTERS[one.code].title, MATTERS[one.code].title_en, NAMES[one.state] ?? GOING, `/matters/${one.state === 'draft' ? 'fill' : 'application'}/index?id=${one.application_id}`) // prettier-ignore

/** The sections for the shop of the mock; a natural person has no invoices. */
export function affairs({ applications, scale, isSelf }) {
  const known = applications.filter((one) => one.state !== 'discarded')
  const going = known.filter((one) => !DONE.includes(one.state))
  const done = known.filter((one) => DONE.includes(one.state))
  const fen = (value) => ({ value: value * scale, unit: 'fen' })
  const found = [
    section('progress', '办理进度', 'In progress', `${going.length} 件还没办完。`, `${going.length} not decided yet.`, '/matters/mine/index', going.map(ofApplication).slice(0, 3), going.length),
    section('results', '办理结果', 'Results', `办好了 ${done.length} 件。`, `${done.length} done.`, '/matters/mine/index?group=done', done.map(ofApplication).slice(0, 3), done.length),
    section('payments', '缴款', 'Payments', '还有 1 项待缴，共 ¥3,971.71。', '1 to pay, ¥3,971.71 in all.', '/filing/history/index', [
      row('增值税 2026年第三季度', 'VAT Q3 2026', ['wants', '待缴款', 'To pay'], '/filing/history/index', fen(397_171)),
    ]),
    section('invoices', '发票', 'Invoices', '今年开出 12 张。', '12 issued this year.', '/invoices/list/index', [
      row('杭州云栖文化传播有限公司西湖景区分公司', 'Hangzhou Yunqi Culture Ltd.', ['good', '已开', 'Issued'], '/invoices/list/index', fen(1_280_050)),
    ], 12),
    section('violations', '违法违章', 'Violations', '', '', '/matters/shelf/index?group=FLJJ'),
    section('credit', '纳税信用', 'Credit rating', '最近一次：2025 年度 B 级。', 'Last: 2025, grade B.', '/matters/shelf/index', [
      row('2025 年度', 'Year 2025', ['good', '评价结果', 'Rated'], '/matters/shelf/index', { value: 'B 级', value_en: 'Grade B' }),
    ]),
  ] // prettier-ignore
  const sections = found.filter((one) => !isSelf || one.code !== 'invoices')
  return { as_of: '2026-10-21', attention: sections.reduce((sum, one) => sum + one.attention, 0), sections }
}
