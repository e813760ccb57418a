/** Process analytics of the mock. */
const question = (code, label, label_en, seen, stopped, median_seconds, changes, held) => ({
  ...{ code, label, label_en, seen, stopped, median_seconds, changes, held },
});
const matter = (code, title, title_en, numbers, questions) => {
  const [started, submitted, finished, approved, dropped, supplemented, held, fill, decide, stars] = numbers;
  const rate = (part, whole) => (whole ? Math.floor((part * 1000) / whole) : 0);
  return {
    ...{ code, title, title_en, started, submitted, finished, approved, dropped, supplemented },
    ...{ asked_though_held: held, median_fill_minutes: fill, median_decide_hours: decide },
    ...{ finish_per_mille: rate(submitted, started), drop_per_mille: rate(dropped, started) },
    ...{ supplement_per_mille: rate(supplemented, submitted), stars_tenths: stars, questions },
  };
};
const MATTERS = [
  matter(
    "FPBL-002",
    "数电发票总额度调整申请",
    "Change of the invoice quota",
    [412, 268, 251, 214, 138, 61, 12, 9, 7, 42],
    [
      question("direction", "想怎么调", "What do you want", 412, 6, 8, 22, 0),
      question("requested_quota", "申请的月度总额度", "Monthly quota asked for", 406, 31, 41, 118, 0),
      question("contract_no", "合同编号", "Contract number", 375, 74, 96, 64, 0),
      question("counterparty", "合同对方名称", "Other party", 301, 19, 38, 15, 12),
      question("reason", "说明", "Why", 282, 8, 55, 31, 0),
    ],
  ),
  matter(
    "TSMX-004",
    "多缴税款退税申请",
    "Refund of overpaid tax",
    [186, 141, 122, 88, 45, 52, 64, 14, 31, 37],
    [
      question("amount", "申请退税金额", "Amount", 186, 12, 22, 41, 0),
      question("bank", "开户银行", "Bank", 174, 9, 28, 12, 31),
      question("account", "退税账户", "Account", 165, 24, 61, 47, 33),
    ],
  ),
  matter(
    "ZHXX-010",
    "增值税一般纳税人登记",
    "Registration as a general VAT payer",
    [97, 80, 74, 70, 17, 11, 18, 22, 16, 44],
    [
      question("start_on", "生效日期", "From", 97, 5, 31, 20, 0),
      question("sales", "年应税销售额", "Yearly taxable sales", 92, 12, 88, 9, 18),
    ],
  ),
  matter(
    "ZMBL-003",
    "延期缴纳税款申请",
    "Later day to pay",
    [54, 31, 28, 9, 23, 12, 4, 36, 58, 29],
    [
      question("tax", "申请延期的税额", "Tax to be deferred", 54, 4, 25, 14, 4),
      question("hardship", "困难情况", "Hardship", 50, 19, 240, 88, 0),
    ],
  ),
  matter(
    "QYBG-006",
    "跨区域涉税事项报告",
    "Work in another region",
    [240, 228, 226, 226, 12, 3, 2, 4, 1, 47],
    [question("place", "外出经营地", "Where", 240, 12, 19, 8, 2)],
  ),
  matter(
    "SBJF-011",
    "灵活就业人员参保缴费",
    "Insurance of the self-employed",
    [318, 301, 300, 299, 17, 6, 40, 5, 2, 46],
    [question("base", "缴费基数", "Base", 318, 17, 44, 63, 40)],
  ),
];
const worst = (code, reason, text, text_en, score) => {
  const { title, title_en } = MATTERS.find((one) => one.code === code);
  return { code, title, title_en, reason, text, text_en, score };
};
const WORST = [
  worst(
    "FPBL-002",
    "drop",
    "412 人开始，138 人中途离开（33%），多停在“合同编号”",
    "412 began, 138 left (33 %), most at “Contract number”",
    138,
  ),
  worst("TSMX-004", "supplement", "141 件中有 52 件被要求补正（36%）", "52 of 141 had to add something (36 %)", 52),
  worst("ZMBL-003", "slow", "填写一份要 36 分钟（中位数）", "filling it in takes 36 minutes (median)", 43),
  worst("SBJF-011", "held", "40 次请人填写了我们已有的内容", "people were asked 40 times for what we already hold", 20),
  worst(
    "ZHXX-010",
    "drop",
    "97 人开始，17 人中途离开（17%），多停在“年应税销售额”",
    "97 began, 17 left (17 %), most at “Yearly taxable sales”",
    17,
  ),
];

/** What the mock says for a period. */
export function figures(since, until) {
  const isLong = since <= new Date(Date.now() - 10 * 86_400_000).toISOString().slice(0, 10);
  return { since, until, matters: isLong ? MATTERS : MATTERS.slice(0, 3), worst: isLong ? WORST : WORST.slice(0, 2) };
}
