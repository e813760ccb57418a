/** An invented result of a study, and one invented taxpayer's two computations. */
import { chanceFrom } from "./random.js";

const yuan = (amount) => Math.round(amount * 100);
const money = (fen) =>
  `${fen < 0 ? "−" : ""}${(Math.abs(fen) / 100).toLocaleString("en-US", { minimumFractionDigits: 2 })}`;

function group(chance, named, rows, before, delta, limits = {}) {
  const winners = Math.round(rows * (delta < 0 ? 0.4 + chance.next() * 0.4 : 0.05));
  const losers = Math.round(rows * (delta > 0 ? 0.3 + chance.next() * 0.3 : 0.02));
  const sums = { before_fen: yuan(before), delta_fen: yuan(delta), after_fen: yuan(before) + yuan(delta) };
  return {
    from_fen: null,
    to_fen: null,
    ...limits,
    ...named,
    rows,
    ...sums,
    winners,
    losers,
    unchanged: rows - winners - losers,
  };
}

const TOPS = [18_000, 32_000, 46_000, 60_000, 76_000, 96_000, 128_000, 180_000, 320_000, null];

function decilesOf(chance, rows, scale) {
  return TOPS.map((top, place) =>
    group(
      chance,
      { code: String(place + 1), name: `第${place + 1}档`, name_en: `Tenth ${place + 1}` },
      rows / 10,
      scale * 4e8 * place ** 2.6,
      -scale * 3e7 * Math.max(0, place - 3) ** 1.7 + (place === 9 ? scale * 2.4e9 : 0),
      {
        from_fen: place ? yuan(TOPS[place - 1]) : null,
        to_fen: top === null ? null : yuan(top),
      },
    ),
  );
}

function spread(chance, named, rows, scale) {
  return named.map((one, place) => {
    const part = 1 / (place + 2) / 1.6;
    const { code, name, name_en } = one;
    return group(
      chance,
      { code, name, name_en },
      Math.round(rows * part),
      scale * 9e9 * part,
      scale * 6e8 * part * (chance.is(0.8) ? -1 : 0.3),
    );
  });
}

const EDGES = [-50_000, -20_000, -10_000, -5_000, -2_000, -1_000, -500, -100, 0];

function histogramOf(rows, unchanged, scale) {
  const left = EDGES.map((to, place) => ({
    from_fen: place ? yuan(EDGES[place - 1]) : null,
    to_fen: yuan(to),
    rows: Math.round(rows * scale * [0, 0.0004, 0.003, 0.012, 0.041, 0.09, 0.12, 0.08, 0.03][place]),
  }));
  const right = [100, 500, 1_000, 2_000, 5_000, 10_000, null].map((to, place) => ({
    from_fen: yuan([0, 100, 500, 1_000, 2_000, 5_000, 10_000][place]),
    to_fen: to === null ? null : yuan(to),
    rows: Math.round(rows * [0.01, 0.016, 0.012, 0.006, 0.002, 0.0006, 0][place]),
  }));
  return [...left, { from_fen: 0, to_fen: 0, rows: unchanged }, ...right];
}

const tax = (income, free) => {
  const base = Math.max(0, income - free);
  const [rate, less] =
    base <= 36_000 ? [0.03, 0] : base <= 144_000 ? [0.1, 2_520] : base <= 300_000 ? [0.2, 16_920] : [0.25, 31_920];
  const due = base * rate - less;
  return income <= 120_000 && due < 4_000 ? 0 : due;
};

function curveOf() {
  return Array.from({ length: 201 }, (_, place) => {
    const income = place * 1_500;
    return { income_fen: yuan(income), before_fen: yuan(tax(income, 60_000)), after_fen: yuan(tax(income, 72_000)) };
  });
}

function sampleOf(chance, law, { CITIES, INDUSTRIES, BANDS }) {
  return Array.from({ length: 30 }, (_, place) => {
    const delta = place < 10 ? -yuan(20_000 / (place + 1)) : place < 20 ? yuan(9_000 / (place - 8)) : 0;
    const before = yuan(6_000 + chance.int(0, 90_000));
    return {
      law,
      row: chance.int(0, 9_999_999),
      change: delta < 0 ? "winner" : delta > 0 ? "loser" : "unchanged",
      income_fen: yuan(60_000 + chance.int(0, 400_000)),
      before_fen: before,
      after_fen: before + delta,
      delta_fen: delta,
      decile: String(chance.int(4, 10)),
      city: chance.of(CITIES).code,
      industry: chance.of(INDUSTRIES).code,
      band: chance.of(BANDS).code,
    };
  });
}

/** What a study found for one law. */
export function resultOf(law, named) {
  const chance = chanceFrom(law.rows);
  const scale = law.rows / 1e7;
  const [winners, losers] = [Math.round(law.rows * 0.3765), Math.round(law.rows * 0.0466)];
  const [before_fen, delta_fen] = [yuan(98_765_432_109.87 * scale), yuan(-8_123_456_789.01 * scale)];
  return {
    law: law.code,
    title: law.title,
    title_en: law.title_en,
    population: law.population,
    version_before: "5d0f3a9c21be77",
    version_after: "8aa01c77d2904e",
    rows: law.rows,
    burden: law.burden,
    burden_en: law.burden_en,
    income: law.income,
    income_en: law.income_en,
    before_fen,
    after_fen: before_fen + delta_fen,
    delta_fen,
    winners,
    losers,
    unchanged: law.rows - winners - losers,
    gain_fen: yuan(9_200_000_000 * scale),
    loss_fen: yuan(9_200_000_000 * scale) + delta_fen,
    deciles: decilesOf(chance, law.rows, scale),
    industries: spread(chance, named.INDUSTRIES, law.rows, scale),
    cities: spread(chance, named.CITIES, law.rows, scale),
    bands: spread(chance, named.BANDS, law.rows, scale),
    histogram: histogramOf(law.rows, law.rows - winners - losers, 1),
    cliffs_before: [
      {
        typical: "employee",
        at_fen: yuan(112_000),
        to_fen: yuan(112_000.01),
        extra_income_fen: 1,
        extra_burden_fen: yuan(400),
        marginal: "4000000%",
        is_new: false,
      },
      {
        typical: "employee",
        at_fen: yuan(120_000),
        to_fen: yuan(120_001),
        extra_income_fen: 100,
        extra_burden_fen: yuan(3_480),
        marginal: "348000%",
        is_new: true,
      },
    ],
    cliffs_after: [
      {
        typical: "employee",
        at_fen: yuan(112_000),
        to_fen: yuan(112_000.01),
        extra_income_fen: 1,
        extra_burden_fen: yuan(400),
        marginal: "4000000%",
        is_new: false,
      },
      {
        typical: "employee",
        at_fen: yuan(120_000),
        to_fen: yuan(120_001),
        extra_income_fen: 100,
        extra_burden_fen: yuan(2_280),
        marginal: "228000%",
        is_new: true,
      },
    ],
    curve: curveOf(),
    typicals: [
      {
        code: "employee",
        name: "只有工资的职工，没有专项附加扣除",
        name_en: "An employee with wages alone and no additional deductions",
      },
      { code: "side_job", name: "有 2 万元劳务报酬的职工", name_en: "An employee with labour income of 20,000 yuan" },
    ],
    sample: sampleOf(chance, law.code, named),
  };
}

const citation = (title, article, paraphrase, confidence = "law") => ({
  title,
  article,
  paraphrase,
  source: "个人所得税法文本",
  confidence,
});

/** One taxpayer's facts and lines under both laws. */
export function twinOf(row, { CITIES, INDUSTRIES, BANDS }) {
  const [city, industry, band] = [
    CITIES.find((one) => one.code === row.city),
    INDUSTRIES.find((one) => one.code === row.industry),
    BANDS.find((one) => one.code === row.band),
  ];
  const month = Math.round(row.income_fen / 12);
  const side = (value, formula, formula_en, is_output, citations) => ({
    value,
    formula,
    formula_en,
    is_output,
    citations,
  });
  const line = (code, label, label_en, before, after, formula, cited, is_output = false) => ({
    code,
    label,
    label_en,
    unit: "fen",
    differs: before !== after,
    before: side(before, formula(before, 6_000_000), formula(before, 6_000_000), is_output, cited),
    after: side(after, formula(after, 7_200_000), formula(after, 7_200_000), is_output, cited),
  });
  const [base, other] = [Math.max(0, row.income_fen - 6_000_000), Math.max(0, row.income_fen - 7_200_000)];
  const LAW6 = [
    citation(
      "个人所得税法",
      "第六条",
      "居民个人的综合所得，以每一纳税年度的收入额减除费用六万元以及专项扣除等后的余额，为应纳税所得额。",
    ),
  ];
  const LAW3 = [citation("个人所得税法", "第三条", "综合所得适用百分之三至百分之四十五的超额累进税率。")];
  return {
    law: row.law,
    row: row.row,
    is_invented: true,
    facts: [
      {
        code: "wage",
        label: "工资薪金",
        label_en: "Wage",
        unit: "fen",
        values: Array.from({ length: 12 }, (_, place) => month + (place === 11 ? 1_200_000 : 0)),
      },
      {
        code: "social_insurance",
        label: "社会保险和住房公积金",
        label_en: "Social insurance and housing fund",
        unit: "fen",
        values: Array(12).fill(105_000),
      },
      { code: "children", label: "子女人数", label_en: "Children", unit: "count", values: [1] },
      { code: "is_renting", label: "租房居住", label_en: "Rents a home", unit: "yes_no", values: [true] },
    ],
    city: city.name,
    city_en: city.name_en,
    industry: industry.name,
    industry_en: industry.name_en,
    band: band.name,
    band_en: band.name_en,
    decile: row.decile,
    income_fen: row.income_fen,
    before_fen: row.before_fen,
    after_fen: row.after_fen,
    delta_fen: row.delta_fen,
    lines: [
      line(
        "income",
        "全年收入额",
        "Income of the year",
        row.income_fen,
        row.income_fen,
        () => `工资薪金合计 ${money(row.income_fen)}`,
        LAW6,
      ),
      line(
        "basic_deduction",
        "减除费用",
        "Basic deduction",
        6_000_000,
        7_200_000,
        (value, year) => `每月减除费用 ${money(year / 12)} × 12`,
        LAW6,
      ),
      line(
        "taxable_income",
        "应纳税所得额",
        "Taxable income",
        base,
        other,
        (value, year) => `全年收入额 ${money(row.income_fen)} − 减除费用 ${money(year)}，不低于 0`,
        LAW6,
      ),
      line(
        "tax",
        "全年应纳税额",
        "Tax of the year",
        row.before_fen,
        row.after_fen,
        (value) => `应纳税所得额按综合所得税率表 = ${money(value)}`,
        LAW3,
        true,
      ),
      {
        code: "new_relief",
        label: "新增减免",
        label_en: "New relief",
        unit: "fen",
        differs: true,
        before: null,
        after: side(0, "无减免", "no relief", false, [
          citation("财政部 税务总局公告2026年第1号", "第一条", "虚构的减免，仅供演示。", "uncertain"),
        ]),
      },
    ],
  };
}
