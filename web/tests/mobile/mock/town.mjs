/** Example data of one shop for the mock: what the screens and the harness show before the real server is asked. */

/** The mock's present. */
export const NOW = '2026-10-21T06:08:30Z'
export const TAXPAYER = 1001
const LONG_NAME = '杭州西湖区龙井路一百二十八号张记茶叶个体工商户经营部'.slice(0, 20)
export const HATS = [
  hat('0192a000-0000-7000-8000-000000000001', 'enterprise', 'owner', '负责人', 'Owner', '西湖区张记茶叶店'),
  hat('0192a000-0000-7000-8000-000000000002', 'agent', 'agent', '代理机构', 'Agent', `${LONG_NAME}${LONG_NAME}${LONG_NAME}`),
  hat('0192a000-0000-7000-8000-000000000003', 'self', 'self', '本人', 'Myself', '张小满'),
]

function hat(hat_id, kind, role_code, role_name, role_name_en, title) {
  const scopes = [
    'registry.read',
    'invoice.read',
    'invoice.write',
    'filing.read',
    'filing.write',
    'filing.submit',
    'payment.read',
    'payment.pay',
    'certificates.read',
    'certificates.issue',
    'identity.authorise',
  ]
  const uscc = kind === 'self' ? null : '92330106MA2B0XXX1K'
  return {
    hat_id,
    kind,
    role_code,
    role_name,
    role_name_en,
    taxpayer_id: TAXPAYER,
    title,
    uscc,
    office_code: null,
    scopes,
    valid_until: kind === 'agent' ? '2027-03-31' : null,
  }
}

export const PERSON = { person_id: 7, name: '张小满', phone_masked: '138****5678', is_real_name_checked: true }

const NAMES = [
  '王记餐饮管理有限公司',
  '杭州云栖文化传播有限公司',
  '李秀英',
  '浙江大学紫金港校区后勤集团',
  '知味观',
  '湖畔居茶楼',
  '杭州市西湖区龙井村股份经济合作社',
]
const DAY = 24

/** Invoices of the quarter; sums are exact integers of fen. */
export function makeInvoices(scale) {
  return Array.from({ length: 42 }, (_, place) => {
    const amount_fen = scale * (183_725 + ((place * 73_913) % 1_490_000)) * (place === 5 ? -1 : 1)
    const special = place % 6 === 0
    const tax_fen = Math.round(amount_fen / 100)
    const day = String((place % DAY) + 1).padStart(2, '0')
    return {
      invoice_id: `0192b000-0000-7000-8000-${String(place).padStart(12, '0')}`,
      invoice_no: `0263${String(2000000000000000 + place * 7919).padStart(16, '0')}`,
      kind: place === 11 ? 'none' : special ? 'special' : 'ordinary',
      direction: 'issued',
      is_red: place === 5,
      red_of_invoice_no: place === 5 ? '02632000000000000001' : null,
      issued_on: `2026-${['07', '08', '09'][place % 3]}-${day}`,
      counterparty_name: place === 11 ? '' : NAMES[place % NAMES.length],
      lines: [{ item: '茶叶 · 西湖龙井', levy_rate: '0.01', amount_fen, tax_fen }],
      amount_fen,
      tax_fen,
      total_fen: amount_fen + tax_fen,
      is_real_estate: false,
      reduction_waived: false,
      source: ['pool', 'einvoice_xml', 'platform_csv'][place % 3],
      is_void: false,
      created_at: '2026-09-30T02:00:00Z',
    }
  })
}

/** A draft's fields from the sales; the mock's own small computation, fen. */
export function makeDraft(state) {
  const sum = (kind) => state.invoices.filter((one) => kind(one)).reduce((total, one) => total + one.amount_fen, 0)
  const count = (kind) => state.invoices.filter(kind).length
  const value = (code, prefilled) => state.corrections[code]?.value_fen ?? prefilled
  const ordinary = sum((one) => one.kind === 'ordinary')
  const special = sum((one) => one.kind === 'special')
  const loose = sum((one) => one.kind === 'none')
  const sales = value('sales_ordinary', ordinary) + value('sales_special', special) + value('sales_uninvoiced', loose)
  const tax = Math.round((sales * 3) / 100)
  const cut = tax - Math.round(sales / 100)
  const vat = tax - cut
  const half = (percent) => Math.round((vat * percent) / 200)
  const [urban, education, local] = [half(7), half(3), half(2)]
  const field = (code, group, label, label_en, term, term_en, prefilled_fen, origin, more = {}) => ({
    code,
    group,
    label,
    label_en,
    term,
    term_en,
    prefilled_fen,
    value_fen: value(code, prefilled_fen),
    origin,
    may_edit: false,
    is_corrected: code in state.corrections,
    reason: state.corrections[code]?.reason ?? null,
    invoice_query: null,
    ...more,
  })
  const invoices = (n) => ({ kind: 'invoices', count: n, text: `发票 ${n} 张`, text_en: `${n} invoices` })
  const rule = { kind: 'rule', count: null, text: '按规则计算', text_en: 'Computed' }
  const behind = (kind) => ({ may_edit: true, invoice_query: `period=2026Q3&kind=${kind}` })
  const fields = [
    field(
      'sales_ordinary',
      'sales',
      '开了普通发票的销售额',
      'Sales with ordinary invoices',
      '应征增值税不含税销售额（普通发票）',
      'Taxable sales excluding VAT (ordinary invoices)',
      ordinary,
      invoices(count((one) => one.kind === 'ordinary')),
      behind('ordinary'),
    ),
    field(
      'sales_special',
      'sales',
      '开了专用发票的销售额',
      'Sales with special invoices',
      '增值税专用发票不含税销售额',
      'Sales on special VAT invoices',
      special,
      invoices(count((one) => one.kind === 'special')),
      behind('special'),
    ),
    field(
      'sales_uninvoiced',
      'sales',
      '没开发票的收入',
      'Income without invoices',
      '未开具发票销售额',
      'Uninvoiced sales',
      loose,
      { kind: 'person', count: null, text: '本人填写', text_en: 'Entered by you' },
      behind('none'),
    ),
    field(
      'relief_cut',
      'relief',
      '3% 减按 1% 少缴的',
      'Saved by paying 1% instead of 3%',
      '本期应纳税额减征额',
      'Reduction of tax payable',
      cut,
      rule,
    ),
    field('vat', 'tax', '应缴增值税', 'VAT payable', '应纳税额', 'Tax payable', vat, rule),
    field('urban', 'surcharges', '城市维护建设税（减半）', 'Urban maintenance tax (halved)', '六税两费减半', 'Half relief', urban, rule),
    field('education', 'surcharges', '教育费附加（减半）', 'Education surcharge (halved)', '六税两费减半', 'Half relief', education, rule),
    field(
      'local_education',
      'surcharges',
      '地方教育附加（减半）',
      'Local education surcharge (halved)',
      '六税两费减半',
      'Half relief',
      local,
      rule,
    ),
  ]
  const surcharges_fen = urban + education + local
  const payable_fen = vat + surcharges_fen
  const isLate = state.scenario === 'overdue'
  const late_fee_fen = isLate ? Math.round((payable_fen * 28 * 5) / 10_000) : 0
  const result = {
    payable_fen,
    vat_fen: vat,
    surcharges_fen,
    saved_fen: cut + surcharges_fen,
    saved_by: '小规模纳税人减按 1% 征收、六税两费减半',
    saved_by_en: 'Reduced 1% rate; surcharges halved',
    late_days: isLate ? 28 : 0,
    late_fee_fen,
    due_now_fen: payable_fen + late_fee_fen,
    is_exempt: false,
    is_zero: false,
  }
  const problems =
    sales > 0 && state.corrections.sales_ordinary && state.corrections.sales_ordinary.value_fen < ordinary
      ? [
          {
            field: 'sales_ordinary',
            is_blocking: false,
            code: 'below_invoices',
            text: '金额比发票合计少。',
            text_en: 'The amount is below the sum of the invoices.',
            hint: '可以直接改用发票合计，或保留原因后继续。',
            hint_en: 'Use the sum of the invoices, or keep your reason and go on.',
          },
        ]
      : []
  return {
    draft_id: state.draftId,
    version: state.version,
    kind: 'original',
    amends_return_id: null,
    ...TAX,
    ...PERIOD,
    due_on: '2026-10-26',
    started_channel: 'miniprogram',
    last_channel: 'h5',
    updated_at: '2026-10-21T04:00:00Z',
    fields,
    result,
    problems,
  }
}

export const TAX = {
  tax_type_code: 'vat_small_scale',
  tax_name: '增值税及附加税费（小规模）',
  tax_name_en: 'VAT and surcharges (small-scale)',
}
export const PERIOD = { period: '2026Q3', period_label: '2026 年第三季度', period_label_en: 'Q3 2026' }

/** Lines of the receipt with their articles. */
export function makeExplanation(draft) {
  const cite = (title, article, paraphrase, source, confidence) => ({ title, article, paraphrase, source, confidence })
  const value = (code) => draft.fields.find((field) => field.code === code).value_fen
  const sales = value('sales_ordinary') + value('sales_special') + value('sales_uninvoiced')
  const yuan = (fen) => (fen / 100).toFixed(2).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  const line = (code, label, label_en, formula, formula_en, fen, citations = [], is_output = false) => ({
    code,
    label,
    label_en,
    formula,
    formula_en,
    value: fen,
    unit: 'fen',
    is_output,
    citations,
  })
  const law = cite(
    '增值税法',
    '第十一条',
    '小规模纳税人按 3% 的征收率计算应缴的增值税。',
    '中华人民共和国增值税法，2026 年 1 月 1 日起施行',
    'law',
  )
  const cut = cite(
    '公告2026年第10号',
    '三（三）6',
    '到 2027 年底，3% 的征收率减按 1%，卖房、租房和转让土地除外。',
    '财政部 税务总局公告 2026 年第 10 号',
    'secondary',
  )
  const half = cite('公告2023年第12号', '第二条', '小规模纳税人的附加税费减半征收。', '财政部 税务总局公告 2023 年第 12 号', 'secondary')
  return {
    rule_version: '2026.10-a',
    law_on: '2026-09-30',
    lines: [
      line(
        'vat_small_scale.sales',
        '本季销售额',
        'Sales of the quarter',
        `普票 ${yuan(value('sales_ordinary'))} ＋ 专票 ${yuan(value('sales_special'))} ＋ 未开票 ${yuan(value('sales_uninvoiced'))}`,
        'ordinary + special + uninvoiced',
        sales,
      ),
      {
        ...line(
          'vat_small_scale.threshold',
          '没到 30 万元起征点？',
          'Below the 300,000 threshold?',
          `${yuan(sales)} ＜ 300,000.00`,
          `${yuan(sales)} < 300,000.00`,
          0,
          [cite('增值税法', '第二十三条', '一个季度不到 30 万元的，免征增值税。', '中华人民共和国增值税法', 'law')],
        ),
        unit: 'yes_no',
      },
      line('vat_small_scale.tax', '按 3% 算', 'At 3%', `${yuan(sales)} × 3%`, `${yuan(sales)} × 3%`, value('vat') + value('relief_cut'), [
        law,
      ]),
      line(
        'vat_small_scale.relief_cut',
        '减按 1%，少缴',
        'Cut to 1%: saved',
        `${yuan(sales)} × 2%`,
        `${yuan(sales)} × 2%`,
        value('relief_cut'),
        [cut],
      ),
      line(
        'vat_small_scale.vat',
        '应缴增值税',
        'VAT payable',
        `${yuan(sales)} × 1%`,
        `${yuan(sales)} × 1%`,
        value('vat'),
        [law, cut],
        true,
      ),
      line(
        'urban',
        '城市维护建设税',
        'Urban maintenance tax',
        `${yuan(value('vat'))} × 7% × 50%`,
        `${yuan(value('vat'))} × 7% × 50%`,
        value('urban'),
        [half],
        true,
      ),
      line(
        'education',
        '教育费附加',
        'Education surcharge',
        `${yuan(value('vat'))} × 3% × 50%`,
        `${yuan(value('vat'))} × 3% × 50%`,
        value('education'),
        [half],
        true,
      ),
      line(
        'local_education',
        '地方教育附加',
        'Local education surcharge',
        `${yuan(value('vat'))} × 2% × 50%`,
        `${yuan(value('vat'))} × 2% × 50%`,
        value('local_education'),
        [half],
        true,
      ),
    ],
  }
}

/** The year's calendar, quarterly VAT and a few months. */
export const CALENDAR = [
  ['2026-01-20', '2025Q4', 5, '元旦', 'New Year'],
  ['2026-04-20', '2026Q1', 5, '清明节', 'Qingming'],
  ['2026-07-15', '2026Q2', 0, '', ''],
  [
    '2026-10-26',
    '2026Q3',
    11,
    '申报期内国庆节放假7天，顺延7个工作日',
    'National Day (7 days) within the filing window: 7 working days later',
  ],
  ['2026-11-16', '2026-10', 1, '遇周末', 'weekend'],
  ['2026-12-15', '2026-11', 0, '', ''],
].map(([due_on, period, rolled_days, reason, reason_en]) => ({
  tax_type_code: TAX.tax_type_code,
  tax_name: '增值税及附加税费',
  tax_name_en: 'VAT and surcharges',
  period,
  due_on,
  rolled_days,
  reason,
  reason_en,
  is_official: true,
}))
