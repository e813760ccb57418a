/** What the mock says about a quarter's VAT of a small-scale taxpayer: fields, result and the explanation. Not the law: the law is `rules`. */

const yuan = (fen) => {
  const digits = String(Math.abs(fen)).padStart(3, "0");
  return `${fen < 0 ? "−" : ""}${digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",")}.${digits.slice(-2)}`;
};
const part = (fen, perTenThousand) => Number((BigInt(fen) * BigInt(perTenThousand) + 5000n) / 10000n);
const THRESHOLD_FEN = 30_000_000;

/** The sums of a quarter with these sales without tax, fen. */
export function assess(salesFen, isCity) {
  const isExempt = salesFen <= THRESHOLD_FEN;
  const vatFull = part(salesFen, 300);
  const vat = isExempt ? 0 : part(salesFen, 100);
  const city = part(part(vat, isCity ? 700 : 500), 5000);
  const education = part(part(vat, 300), 5000);
  const local = part(part(vat, 200), 5000);
  const surcharges = city + education + local;
  return {
    salesFen,
    isExempt,
    vatFull,
    vat,
    city,
    education,
    local,
    surcharges,
    payable: vat + surcharges,
    saved: vatFull - vat + surcharges,
  };
}

const origin = (kind, text, text_en, count = null) => ({ kind, count, text, text_en });

function field(code, group, label, label_en, term, value, from, corrected) {
  return {
    code,
    group,
    label,
    label_en,
    term: term[0],
    term_en: term[1],
    value_fen: value,
    prefilled_fen: corrected?.from ?? value,
    origin: from,
    may_edit: group === "sales",
    is_corrected: Boolean(corrected),
    reason: corrected?.reason ?? null,
    invoice_query: from.kind === "invoices" ? "period=2026Q3" : null,
  };
}

/** The fields of the return. */
export function fieldsOf(sums, invoices, corrected) {
  const rule = origin("rule", "按规定算出", "By rule");
  const pool = origin("invoices", `发票 ${invoices} 张`, `${invoices} invoices`, invoices);
  const from = corrected ? origin("person", "本人填写", "Typed by the taxpayer") : pool;
  return [
    field(
      "sales_ordinary",
      "sales",
      "开了普通发票的销售额",
      "Sales with ordinary invoices",
      ["应征增值税不含税销售额（3%征收率）", "Taxable sales at 3%"],
      sums.salesFen,
      from,
      corrected,
    ),
    field(
      "sales_special",
      "sales",
      "开了专用发票的销售额",
      "Sales with special invoices",
      ["增值税专用发票不含税销售额", "Sales with special VAT invoices"],
      0,
      origin("invoices", "发票 0 张", "0 invoices", 0),
    ),
    field(
      "relief",
      "relief",
      "少缴的增值税",
      "VAT you do not pay",
      ["本期应纳税额减征额", "Reduction of tax payable"],
      sums.vatFull - sums.vat,
      rule,
    ),
    field("vat", "tax", "增值税", "VAT", ["本期应补（退）税额", "VAT payable"], sums.vat, rule),
    field(
      "city",
      "surcharges",
      "城市维护建设税",
      "City maintenance tax",
      ["城市维护建设税本期应补（退）税额", "Payable"],
      sums.city,
      rule,
    ),
    field(
      "education",
      "surcharges",
      "教育费附加",
      "Education surcharge",
      ["教育费附加本期应补（退）费额", "Payable"],
      sums.education,
      rule,
    ),
    field(
      "local",
      "surcharges",
      "地方教育附加",
      "Local education surcharge",
      ["地方教育附加本期应补（退）费额", "Payable"],
      sums.local,
      rule,
    ),
  ];
}

/** The result on top of the return. */
export function resultOf(sums, late = { days: 0, fee: 0 }) {
  return {
    payable_fen: sums.payable,
    vat_fen: sums.vat,
    surcharges_fen: sums.surcharges,
    saved_fen: sums.saved,
    saved_by: sums.isExempt ? "季销售额 30 万元以下免征增值税" : "3% 征收率减按 1%，六税两费减半",
    saved_by_en: sums.isExempt ? "exempt: sales up to ¥300,000 a quarter" : "1% in place of 3%, half surcharges",
    late_days: late.days,
    late_fee_fen: late.fee,
    due_now_fen: sums.payable + late.fee,
    is_exempt: sums.isExempt,
    is_zero: sums.salesFen === 0,
  };
}

const cite = (title, article, paraphrase, confidence = "law") => ({
  title,
  article,
  paraphrase,
  source: "国家税务总局法规库",
  confidence,
});

function line(code, label, label_en, formula, formula_en, value, unit, is_output, citations) {
  return { code, label, label_en, formula, formula_en, value, unit, is_output, citations };
}

/** The receipt: every line with its numbers and articles. */
export function explanationOf(sums, isCity) {
  const threshold = cite(
    "财政部 税务总局公告 2023 年第 19 号",
    "第一条",
    "小规模纳税人月销售额 10 万元以下（按季 30 万元以下）免征增值税，执行到 2027 年底。",
  );
  const reduced = cite(
    "财政部 税务总局公告 2023 年第 19 号",
    "第二条",
    "适用 3% 征收率的应税销售收入，减按 1% 征收率征收。",
  );
  const half = cite(
    "财政部 税务总局公告 2023 年第 12 号",
    "第二条",
    "小规模纳税人、小型微利企业和个体工商户减半征收六税两费。",
  );
  const city = cite("城市维护建设税法", "第四条", "市区 7%，县城、镇 5%，其他地区 1%。");
  const fee = cite("征收教育费附加的暂行规定", "第三条", "以实际缴纳的增值税为计征依据，费率 3%。", "secondary");
  const local = cite(
    "关于统一地方教育附加政策有关问题的通知",
    "第二条",
    "地方教育附加征收标准统一为 2%；本省是否另有减征尚待核实。",
    "uncertain",
  );
  const rate = isCity ? "7%" : "5%";
  return {
    rule_version: "2026.11+4f1c9a",
    law_on: "2026-09-30",
    lines: [
      line(
        "sales",
        "本季不含税销售额",
        "Sales without tax",
        `发票合计 ${yuan(sums.salesFen)}`,
        `sum of invoices ${yuan(sums.salesFen)}`,
        sums.salesFen,
        "fen",
        false,
        [],
      ),
      line(
        "exempt",
        "是否在 30 万元免税额以内",
        "Within the ¥300,000 exemption?",
        `${yuan(sums.salesFen)} ${sums.isExempt ? "≤" : ">"} 300,000.00`,
        `${yuan(sums.salesFen)} ${sums.isExempt ? "≤" : ">"} 300,000.00`,
        sums.isExempt ? 1 : 0,
        "yes_no",
        false,
        [threshold],
      ),
      line(
        "vat",
        "增值税",
        "VAT",
        sums.isExempt ? "免征" : `${yuan(sums.salesFen)} × 1%`,
        sums.isExempt ? "exempt" : `${yuan(sums.salesFen)} × 1%`,
        sums.vat,
        "fen",
        true,
        sums.isExempt ? [threshold] : [reduced],
      ),
      line(
        "city",
        "城市维护建设税",
        "City maintenance tax",
        `${yuan(sums.vat)} × ${rate} × 50%`,
        `${yuan(sums.vat)} × ${rate} × 50%`,
        sums.city,
        "fen",
        false,
        [city, half],
      ),
      line(
        "education",
        "教育费附加",
        "Education surcharge",
        `${yuan(sums.vat)} × 3% × 50%`,
        `${yuan(sums.vat)} × 3% × 50%`,
        sums.education,
        "fen",
        false,
        [fee, half],
      ),
      line(
        "local",
        "地方教育附加",
        "Local education surcharge",
        `${yuan(sums.vat)} × 2% × 50%`,
        `${yuan(sums.vat)} × 2% × 50%`,
        sums.local,
        "fen",
        false,
        [local, half],
      ),
      line(
        "payable",
        "应缴合计",
        "Payable in all",
        `${yuan(sums.vat)} + ${yuan(sums.city)} + ${yuan(sums.education)} + ${yuan(sums.local)}`,
        `${yuan(sums.vat)} + ${yuan(sums.city)} + ${yuan(sums.education)} + ${yuan(sums.local)}`,
        sums.payable,
        "fen",
        true,
        [],
      ),
    ],
  };
}
