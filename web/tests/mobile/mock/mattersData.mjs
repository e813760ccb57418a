/** Matters of the mock: nine of different kinds, one of them with every type of question, and a theme. */

const ask = (code, type, label, label_en, more = {}) => ({ code, type, label, label_en, ...more })
const option = (value, label, label_en, help = '', help_en = '') => ({ value, label, label_en, help, help_en })
const paper = (code, title, title_en, why, why_en, more = {}) => ({ code, title, title_en, why, why_en, at_most: 3, ...more })
const section = (title, title_en, asks) => ({ title, title_en, asks })
const agree = ask('confirms', 'agree', '我确认以上内容真实、完整', 'What I say is true and complete')
const BUSINESS = ['individual_business', 'small_scale', 'general']

const matter = (code, title, title_en, say, say_en, more) => ({
  code,
  title,
  title_en,
  say,
  say_en,
  who: BUSINESS,
  mobile: 'frequent',
  screens: 'guided',
  days: 0,
  law: [{ cite: '国家税务总局公告2024年第11号', article: '', confidence: 'secondary' }],
  papers: [],
  sections: [],
  document: ['税务事项通知书', 'Notice'],
  ...more,
})

const quota = matter('FPBL-002', '数电发票总额度调整申请', 'Change of the invoice quota', '本月发票额度不够用，申请调高', 'Not enough invoice quota left this month', {
  screens: 'page',
  days: 1,
  at_most: 20,
  decide: 'two',
  sections: [
    section('现在的情况', 'Now', [
      ask('current_quota', 'amount', '现有月度总额度', 'Present monthly quota', { locked: 'invoice', value: 20_000_000 }),
      ask('used', 'amount', '本月已用额度', 'Used this month', { locked: 'invoice', value: 18_650_000 }),
    ]),
    section('申请内容', 'Request', [
      ask('direction', 'choice', '想怎么调', 'What do you want', {
        options: [
          option('raise', '长期调高', 'Raise it for good', '以后每个月都按新额度', 'From now on, every month'),
          option('temporary', '只调高本月', 'Raise it this month only', '下个月恢复原额度', 'Back to the present quota next month'),
        ],
      }),
      ask('requested_quota', 'amount', '申请的月度总额度', 'Monthly quota asked for', {
        min: 1,
        help: '按本月还要开的金额估计，含税金额不用除税',
        help_en: 'As much as you still have to invoice this month, tax included',
        above: 'current_quota',
        say_wrong: ['申请额度应高于现有额度', 'Ask for more than the present quota'],
      }),
      ask('reason', 'long_text', '为什么需要调高', 'Why you need more', { when: { direction: ['raise'] }, max_length: 200 }),
      ask('note', 'text', '补充说明', 'Anything else', { is_optional: true }),
    ]),
  ],
  papers: [
    paper('contract', '购销合同或订单', 'Sales contract or order', '说明为什么需要更高额度', 'Shows why more is needed', { when: { direction: ['raise'] } }),
    paper('licence', '营业执照', 'Business licence', '核对经营范围', 'To check the business', { is_on_file: true }),
  ],
})

const issue = matter('FPBL-013', '代开增值税普通发票', 'Invoice on behalf of an individual', '个人给单位开发票，由税务局代开', 'You need to give a company an invoice', {
  who: ['natural_person', 'individual_business'],
  sections: [
    section('', '', [
      ask('buyer', 'text', '发票开给谁', 'Who gets the invoice', { help: '单位全称', help_en: 'The full name' }),
      ask('buyer_uscc', 'uscc', '对方的信用代码', 'Their credit code', { is_optional: true }),
      ask('kind', 'choice', '做的是什么', 'What was it for', {
        options: [option('service', '劳务报酬', 'Services'), option('goods', '卖东西', 'Goods'), option('rent', '出租房屋', 'Rent')],
      }),
      ask('region', 'region', '房屋在哪里', 'Where is the property', { when: { kind: ['rent'] } }),
      ask('lines', 'rows', '开票内容', 'Lines of the invoice', {
        at_least: 1,
        at_most: 8,
        rows: [
          ask('name', 'text', '名称', 'Name'),
          ask('amount', 'amount', '金额（含税）', 'Amount with tax', { min: 1 }),
          ask('done_on', 'date', '哪天做完', 'Done on', { is_optional: true }),
        ],
      }),
      ask('phone', 'phone', '您的联系电话', 'Your phone', { from: 'identity', value: '13812345678' }),
      agree,
    ]),
  ],
  papers: [paper('proof', '合同或付款凭证', 'Contract or proof of payment', '说明收入是真的', 'Shows that the income is real')],
  document: ['增值税普通发票', 'Invoice'],
})

const stamp = matter('SBNS-021', '印花税申报', 'Stamp duty return', '签了合同，算一算要缴多少印花税', 'You signed a contract: how much stamp duty', {
  sections: [
    section('计算依据', 'What it is computed from', [
      ask('signed_on', 'date', '合同哪天签的', 'Signed on', { max: '2026-12-31' }),
      ask('contract_kind', 'choice', '是哪种合同', 'Kind of contract', {
        options: [option('sale', '买卖合同', 'Sale', '税率万分之三', '0.03%'), option('lease', '租赁合同', 'Lease', '税率千分之一', '0.1%')],
      }),
      ask('amount', 'amount', '合同金额', 'Amount of the contract', { min: 1, help: '没有分开写增值税的，填总金额', help_en: 'The total where VAT is not shown apart' }),
      ask('is_small', 'yes_no', '是小规模纳税人吗', 'Small-scale taxpayer', { from: 'registry', value: true, is_optional: true }),
      agree,
    ]),
  ],
  computes: true,
  law: [{ cite: '印花税法', article: '第五条', confidence: 'law' }],
  document: ['印花税申报表', 'Stamp duty return'],
})

const account = matter('XXBG-009', '存款账户账号报告', 'Report a bank account', '开了新账户，报给税务局', 'You opened a bank account', {
  screens: 'page',
  mobile: 'suited',
  sections: [
    section('账户', 'Account', [
      ask('bank', 'text', '开户银行', 'Bank'),
      ask('account_no', 'bank_account', '账号', 'Account number'),
      ask('opened_on', 'date', '开户日期', 'Opened on'),
    ]),
  ],
})

const refund = matter('TDS-001', '误收多缴退抵税', 'Refund of tax paid twice or wrongly', '多缴了税，申请退回', 'You paid too much', {
  days: 10,
  decide: 'one',
  sections: [
    section('', '', [
      ask('amount', 'amount', '要退多少', 'How much', { from: 'payment', value: 128_050, min: 1 }),
      ask('account_no', 'bank_account', '退到哪个账号', 'To which account'),
      ask('reason', 'long_text', '为什么多缴了', 'How it came about'),
      agree,
    ]),
  ],
  papers: [paper('receipt', '缴款凭证', 'Proof of payment', '核对是哪一笔', 'To find the payment', { is_on_file: true })],
})

const query = matter('FPBL-001', '发票总额度查询', 'Query the invoice quota', '看看本月还能开多少发票', 'How much you can still invoice', {
  sections: [],
  lines: [
    { label: '本月总额度', label_en: 'Monthly quota', value: 20_000_000, unit: 'fen' },
    { label: '已用', label_en: 'Used', value: 18_650_000, unit: 'fen' },
    { label: '还能开', label_en: 'Left', value: 1_350_000, unit: 'fen' },
    { label: '恢复日', label_en: 'Renewed on', value: '2026-11-01', unit: 'day' },
  ],
  document: null,
})

const complaint = matter('TSJY-001', '纳税服务投诉', 'Complain about the service', '觉得服务没做好，说给我们听', 'The service was not right', {
  who: ['natural_person', ...BUSINESS],
  days: 1,
  decide: 'one',
  sections: [
    section('', '', [
      ask('about', 'choice', '说的是哪方面', 'What about', {
        options: [option('attitude', '服务态度', 'Manner'), option('speed', '办得太慢', 'Too slow'), option('words', '说不清楚', 'Unclear')],
      }),
      ask('facts', 'long_text', '发生了什么', 'What happened', { help: '时间、地点、人，越具体越好办', help_en: 'When, where, who' }),
    ]),
  ],
  document: null,
})

const vehicle = matter('XXBG-020', '车船税源信息采集', 'Vehicle data', '登记车辆信息，方便缴车船税', 'Register a vehicle', {
  screens: 'page',
  mobile: 'suited',
  sections: [
    section('人', 'Person', [
      ask('owner', 'person_name', '车主姓名', 'Owner', { from: 'identity', value: '张小满' }),
      ask('owner_id', 'resident_id', '身份证号', 'Identity number', { is_optional: true }),
      ask('email', 'email', '邮箱', 'E-mail', { is_optional: true }),
      ask('address', 'address', '联系地址', 'Address', { is_optional: true }),
    ]),
    section('车', 'Vehicle', [
      ask('plate', 'plate', '车牌号', 'Plate'),
      ask('vin', 'vin', '车架号', 'VIN'),
      ask('seats', 'number', '座位数', 'Seats', { unit: '座', unit_en: 'seats', min: 1, max: 60 }),
      ask('power', 'quantity', '排量', 'Engine size', { unit: '升', unit_en: 'litres' }),
      ask('share', 'rate', '营运比例', 'Share of business use', { is_optional: true }),
      ask('year', 'year', '出厂年份', 'Year made'),
      ask('period', 'period', '从哪一期开始', 'First period', { kinds: ['quarter'] }),
      ask('uses', 'choices', '用来做什么', 'Used for', { at_least: 1, options: [option('own', '自用', 'Own use'), option('hire', '出租', 'Hire'), option('goods', '运货', 'Goods')] }),
      ask('time', 'time', '方便联系的时间', 'When to call', { is_optional: true }),
      ask('invoice', 'invoice_no', '购车发票号码', 'Invoice of the purchase', { is_optional: true }),
      ask('monthly', 'series', '每月收入', 'Income by month', { is_optional: true, each: 'month', kinds: ['amount'] }),
      ask('place', 'region', '停放在哪里', 'Where it is kept', { is_optional: true }),
      ask('office', 'office', '在哪个办税厅领标识', 'Where to collect the sticker', { is_optional: true, options: [option('13301060000', '西湖区办税服务厅', 'Xihu hall'), option('13301080000', '滨江区办税服务厅', 'Binjiang hall')] }),
    ]),
  ],
  papers: [paper('photo', '行驶证照片', 'Photo of the vehicle licence', '核对车辆', 'To check the vehicle', { is_optional: true })],
})

export const MATTERS = Object.fromEntries([quota, issue, stamp, account, refund, query, complaint, vehicle].map((one) => [one.code, one]))

const NAMES = {
  XXBG: ['信息报告', 'Information reports'],
  FPBL: ['发票办理', 'Invoices'],
  SBNS: ['申报纳税', 'Filing and payment'],
  TDS: ['一般退（抵）税', 'Refunds'],
  TSJY: ['投诉举报建议', 'Complaints and ideas'],
}
export const THEME = {
  code: 'open_shop',
  title: '我要开店',
  title_en: 'Opening a shop',
  say: '登记、账户、发票，一次办齐',
  say_en: 'Registration, account, invoices in one go',
  icon: 'store',
  matters: ['XXBG-009', 'FPBL-002', 'SBNS-021'],
  who: BUSINESS,
}
export const STEPS = [
  { matter_code: 'XXBG-009', after: [] },
  { matter_code: 'FPBL-002', after: ['XXBG-009'] },
  { matter_code: 'SBNS-021', after: ['XXBG-009'] },
]
export const THEME_ASKS = [
  { ...ask('bank', 'text', '用哪家银行', 'Which bank'), is_optional: false },
  { ...ask('account_no', 'bank_account', '账号是多少', 'Account number'), is_optional: false },
]

export function catalogue() {
  const card = ({ code, title, title_en, say, say_en, who, mobile, days }) => ({
    code, title, title_en, say, say_en, who, roles: ['legal_rep'], instant: !days, days, mobile,
  }) // prettier-ignore
  const groups = Object.entries(NAMES).map(([code, [name, name_en]]) => ({
    code,
    name,
    name_en,
    matters: Object.values(MATTERS).filter((one) => one.code.startsWith(`${code}-`)).map(card),
  }))
  const ideas = { code: 'children', title: '孩子出生以后', title_en: 'After a birth', say: '专项附加扣除和生育津贴', say_en: 'Deductions and allowances', icon: 'baby', matters: ['TSJY-001'], who: ['natural_person'] } // prettier-ignore
  return { version: 'mock-1', groups, themes: [THEME, ideas] }
}
