/** Invented work for the mock: applications of a few matters, and the cases they become. Deterministic. */
import { chanceFrom } from "./random.js";

export const OFFICERS = [
  [1, "苏*晴", "case_officer", "经办人员", "Case officer"],
  [2, "陆*远", "approver", "审批人员", "Approver"],
  [3, "沈*秋", "case_officer", "经办人员", "Case officer"],
  [4, "顾*舟", "case_officer", "经办人员", "Case officer"],
  [5, "叶*青", "case_officer", "经办人员", "Case officer"],
];
export const OFFICE = ["13301990100", "云川市税务局第一税务所"];

const MATTERS = [
  {
    code: "FPBL-002",
    title: "数电发票总额度调整申请",
    title_en: "Change of the invoice quota",
    skill: "invoice",
    days: 1,
    effects: ["invoice.set_quota"],
    ...{ uses: [2, 1], law: "国家税务总局公告2024年第11号", law_en: "STA Announcement 2024 No. 11" },
    reasons: [
      ["合同与申请额度不符", "The contract does not support the quota"],
      ["近期存在未处理的风险提示", "Open risk notices"],
    ],
    asks: [
      ["amount", "现有月度总额度", "Current monthly quota", 10_000_000, "invoice"],
      ["choice", "想怎么调", "What do you want", "raise", "person"],
      ["amount", "申请的月度总额度", "Monthly quota asked for", 50_000_000, "person"],
      ["text", "合同编号", "Contract number", "2026-018", "person"],
      ["amount", "近 12 个月销售额", "Sales of the last 12 months", 312_345_678, "invoice"],
      ["long_text", "说明", "Why", "新签长期供货合同，每月开票约四十万元，现有额度到中旬就用完。", "person"],
    ],
    papers: [["contract", "购销合同或订单", "Sales contract or order", 2]],
  },
  {
    code: "ZHXX-010",
    title: "增值税一般纳税人登记",
    title_en: "Registration as a general VAT payer",
    skill: "registration",
    days: 3,
    two: true,
    effects: ["registry.set_vat_kind"],
    ...{ uses: [1], law: "国家税务总局令第43号", law_en: "STA Order No. 43" },
    reasons: [
      ["会计核算不健全", "Books are not in order"],
      ["年应税销售额未达标准", "Sales are below the threshold"],
    ],
    asks: [
      ["text", "纳税人名称", "Name", "", "registry"],
      ["date", "生效日期", "From", "2027-01-01", "person"],
      ["yes_no", "会计核算是否健全", "Are the books in order", true, "person"],
      ["amount", "年应税销售额", "Yearly taxable sales", 620_000_000, "filing"],
    ],
    papers: [["licence", "营业执照", "Business licence", 0]],
  },
  {
    code: "TSMX-004",
    title: "多缴税款退税申请",
    title_en: "Refund of overpaid tax",
    skill: "refund",
    days: 5,
    effects: ["payment.ask_refund"],
    ...{ uses: [0, 2], law: "税收征收管理法 第五十一条" },
    law_en: "Tax Collection and Administration Law, Art. 51",
    reasons: [
      ["尚有欠税，先抵欠", "Arrears are set off first"],
      ["退税账户户名不一致", "The account is in another name"],
    ],
    asks: [
      ["amount", "申请退税金额", "Amount", 1_234_567, "payment"],
      ["text", "开户银行", "Bank", "中国工商银行云川支行", "registry"],
      ["bank_account", "退税账户", "Account", "6222 **** **** 0018", "registry"],
    ],
    papers: [["proof", "缴款凭证", "Proof of payment", 1]],
  },
  {
    code: "ZMBL-003",
    title: "延期缴纳税款申请",
    title_en: "Later day to pay",
    skill: "relief",
    days: 10,
    effects: ["payment.grant_deferral"],
    ...{ uses: [0, 1], law: "税收征收管理法 第三十一条" },
    law_en: "Tax Collection and Administration Law, Art. 31",
    reasons: [
      ["货币资金足够缴纳", "There is money enough"],
      ["不符合特殊困难条件", "No special hardship"],
    ],
    asks: [
      ["amount", "申请延期的税额", "Tax to be deferred", 8_800_000, "payment"],
      ["date", "延期至", "Until", "2027-03-31", "person"],
      ["long_text", "困难情况", "Hardship", "主要客户破产，应收账款三百万元无法收回。", "person"],
    ],
    papers: [["statement", "资金情况说明", "Statement of funds", 1]],
  },
];
const DAY_MS = 86_400_000;
const isoDay = (at) => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10);
const colourOf = (days) => (days < 0 ? "seal" : days <= 1 ? "wait" : "good");

function askOf([type, label, label_en, value, source], at) {
  const isChoice = type === "choice";
  return {
    code: `q${at + 1}`,
    ...{ label, label_en, help: "", help_en: "", type, each: "", unit: "", unit_en: "" },
    options: isChoice
      ? [
          { value: "raise", label: "长期调高", label_en: "Raise it for good", help: "", help_en: "" },
          { value: "temporary", label: "只调高本月", label_en: "This month only", help: "", help_en: "" },
        ]
      : [],
    ...{ rows: [], kinds: [], at_least: 0, at_most: 0, min: null, max: null, max_length: 60 },
    ...{ is_optional: type === "long_text", is_locked: source !== "person", is_shown: true, value, problem: null },
    origin: {
      source,
      ...{
        person: { label: "本人填写", label_en: "You answered" },
        invoice: { label: "发票", label_en: "Invoices" },
        registry: { label: "登记信息", label_en: "Register" },
        payment: { label: "缴款记录", label_en: "Payments" },
        filing: { label: "申报记录", label_en: "Returns" },
      }[source],
      ...{ channel: "miniprogram", at: new Date().toISOString() },
    },
  };
}

function applicationOf(chance, matter, taxpayer, number, now) {
  const at = new Date(now).toISOString();
  return {
    application_id: chance.uuid(),
    application_no: `SQ2026${String(number).padStart(8, "0")}`,
    matter: {
      ...{ code: matter.code, title: matter.title, title_en: matter.title_en, say: "", say_en: "", screens: "page" },
      promise: {
        ...{ is_instant: false, days: matter.days, is_calendar: false, at_most: 20 },
        ...{ confidence: "own knowledge", note: "", note_en: "" },
      },
      ...{ fee_fen: 0, is_current: true },
    },
    ...{ state: "submitted", state_name: "已提交", state_name_en: "Sent", version: 3, category: "small_scale" },
    ...{ role_code: "legal_rep", office_code: OFFICE[0], office_name: OFFICE[1] },
    ...{ started_at: at, updated_at: at, submitted_at: at, due_on: isoDay(now), ended_at: null },
    ...{ started_channel: "miniprogram", last_channel: chance.of(["miniprogram", "app", "h5"]) },
    sections: [
      {
        ...{ title: "申请内容", title_en: "Request" },
        asks: matter.asks.map(askOf).map((ask) => (ask.value === "" ? { ...ask, value: taxpayer.name } : ask)),
      },
    ],
    ...{ next: null, progress: { answered: 6, total: 6 }, problems: [] },
    needs: [{ text: "没有欠缴税款", text_en: "Nothing is owed", go: "payment", holds: chance.is(0.8) }],
    papers: matter.papers.map(([code, title, title_en, count]) => ({
      ...{ code, title, title_en, why: "说明申请依据", why_en: "Shows why" },
      ...{ is_needed: true, is_optional: false, is_on_file: count === 0, at_most: 5 },
      files: Array.from({ length: count }, (_, at_) => ({
        paper_id: chance.uuid(),
        name: at_ ? `${title}第${at_ + 1}页.pdf` : `${title}.png`,
        ...{ size_bytes: 182_000, pages: 1, media_type: at_ ? "application/pdf" : "image/png" },
        ...{ has_thumbnail: at_ === 0, added_at: at },
      })),
    })),
    ...{ computed: null, decision: null, supplement: null, outcome: null, document: null, timeline: [] },
    ...{ rating: null, may: [], journey_id: null },
  };
}

/** Cases over the town, most of them applications; `count` open ones, and a third as many that were decided. */
export function buildCases(town, count) {
  const files = [...town.values()];
  const now = Date.now();
  const cases = new Map();
  for (let place = 0; place < count + Math.floor(count / 3); place += 1) {
    const isDone = place >= count;
    const chance = chanceFrom(4200 + place * 131);
    const taxpayer = files[(place * 7) % files.length].taxpayer;
    const matter = MATTERS[place % MATTERS.length];
    const kind = isDone ? "matter" : place % 23 === 9 ? "complaint" : place % 23 === 14 ? "letter" : "matter";
    const days = (place % 13) - 3;
    const holder = isDone ? OFFICERS[place % 3] : place % 3 === 0 ? OFFICERS[(place / 3) % OFFICERS.length] : null;
    const application = kind === "matter" ? applicationOf(chance, matter, taxpayer, place + 1, now - DAY_MS) : null;
    const told = {
      matter: [matter.code, matter.title, matter.title_en, matter.skill],
      complaint: ["service", "投诉：服务态度", "Complaint: manner", "complaint"],
      letter: ["letter", "书面咨询：发票", "Written question: invoices", "consultation"],
    }[kind];
    const row = {
      ...{ case_id: chance.uuid(), taxpayer_id: taxpayer.taxpayer_id, taxpayer_name: taxpayer.name, kind },
      subject_id: application?.application_id ?? chance.uuid(),
      ...{ code: told[0], title: told[1], title_en: told[2], state: holder ? "claimed" : "open" },
      ...{ state_name: "", state_name_en: "", skill: told[3], office_code: OFFICE[0], office_name: OFFICE[1] },
      opened_at: new Date(now - (4 - days / 3) * DAY_MS).toISOString(),
      ...{ due_on: isoDay(now + days * DAY_MS), days_left: days, colour: colourOf(days) },
      ...{ priority: days < -2 ? 2 : days < 0 ? 1 : 0, version: 1, needs_two: kind === "matter" && !!matter.two },
      ...{ claimed_by: holder?.[0] ?? null, claimed_by_name: holder?.[1] ?? null },
      ...{ has_unread_mention: false, is_second: false, outcome: null, closed_at: null },
    };
    if (isDone) {
      const outcome = chance.is(0.85) ? "yes" : "no";
      Object.assign(row, { state: "closed", outcome, first_by: holder[0], closed_at: row.opened_at });
    }
    cases.set(row.case_id, { row, application, matter, notes: [], history: [], opinion: null, until: null });
  }
  return cases;
}
