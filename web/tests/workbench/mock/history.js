/** Two years of a mock taxpayer: returns, orders, ledger, drafts and the timeline they leave. */
import { assess, explanationOf, fieldsOf, resultOf } from "./law.js";

const QUARTERS = [
  ["2025Q3", "2025年第三季度", "Q3 2025", "2025-10-27", "2025-10-16"],
  ["2025Q4", "2025年第四季度", "Q4 2025", "2026-01-20", "2026-01-12"],
  ["2026Q1", "2026年第一季度", "Q1 2026", "2026-04-20", "2026-04-09"],
  ["2026Q2", "2026年第二季度", "Q2 2026", "2026-07-15", "2026-07-08"],
  ["2026Q3", "2026年第三季度", "Q3 2026", "2026-10-26", "2026-10-21"],
];
const TAX = {
  tax_type_code: "vat_small_scale",
  tax_name: "增值税（小规模）及附加",
  tax_name_en: "VAT (small-scale) and surcharges",
};
const ITEMS = [
  ["vat", "增值税", "VAT", "vat"],
  ["city_maintenance", "城市维护建设税", "City maintenance tax", "city"],
  ["education_surcharge", "教育费附加", "Education surcharge", "education"],
  ["local_education_surcharge", "地方教育附加", "Local education surcharge", "local"],
];
const CHANNELS = ["miniprogram", "miniprogram", "miniprogram", "h5", "app"];
const ACTS = {
  "filing.draft_started": ["开始填写申报", "Began a return"],
  "filing.draft_changed": ["更正申报草稿", "Corrected the draft"],
  "filing.return_submitted": ["提交申报", "Filed a return"],
  "payment.order_created": ["发起缴款", "Set out to pay"],
  "payment.settled": ["缴清税费", "Paid"],
  "certificates.issued": ["开具完税证明", "Tax-paid certificate issued"],
  "invoice.import_finished": ["导入发票", "Imported invoices"],
  "payment.transfer_registered": ["登记银行到账", "Registered a bank transfer"],
};
const at = (day, hour) => `${day}T${String(hour).padStart(2, "0")}:${String((hour * 7) % 60).padStart(2, "0")}:00Z`;

/** One act for the timeline. */
export function act(chance, when, name, channel, who, subject, summary, summary_en) {
  const [act_name, act_name_en] = ACTS[name];
  const [role_name, role_name_en] =
    channel === "system"
      ? ["系统", "System"]
      : channel === "workbench"
        ? ["办税服务厅人员", "Hall clerk"]
        : ["经营者", "Owner"];
  return {
    entry_id: chance.uuid(),
    at: when,
    act: name,
    act_name,
    act_name_en,
    channel,
    who_masked: who,
    role_name,
    role_name_en,
    subject_kind: subject[0],
    subject_id: subject[1],
    summary,
    summary_en,
    digest_sm3: chance.hex(64),
  };
}

/** Books an entry: its balanced lines. */
export function book(chance, ledger, when, text, text_en, sides, ids) {
  const entry_id = chance.uuid();
  const lines = sides.map(([account, account_name, account_name_en, debit_fen, credit_fen], place) => ({
    entry_id,
    line_no: place + 1,
    account,
    account_name,
    account_name_en,
    debit_fen,
    credit_fen,
    text,
    text_en,
    booked_at: when,
    ...ids,
  }));
  ledger.unshift(...lines);
}

function orderOf(chance, filed, charges, when, state, way) {
  const amount = filed.result.due_now_fen;
  return {
    order_id: chance.uuid(),
    order_no: `PT${filed.return_no.slice(2)}`,
    return_id: filed.return_id,
    state,
    way,
    amount_fen: amount,
    items: charges.map((charge) => ({ ...charge, period: filed.period })),
    created_at: when,
    expires_at: state === "paid" ? when : "2026-12-31T15:59:59Z",
    paid_at: state === "paid" ? when : null,
    channel_trade_no: state === "paid" && way === "wechat" ? `4200${chance.hex(12).replace(/\D/g, "7")}` : null,
    refunds: [],
  };
}

function returnOf(chance, taxpayer, who, quarter, sums, extra) {
  const [period, period_label, period_label_en, due_on, filed_on] = quarter;
  const charges = ITEMS.filter(([, , , key]) => sums[key] > 0).map(([tax_type_code, tax_name, tax_name_en, key]) => ({
    tax_type_code,
    tax_name,
    tax_name_en,
    amount_fen: sums[key],
    late_fee_fen: 0,
  }));
  return {
    return_id: chance.uuid(),
    return_no: `SB${period.replace("Q", "0")}${taxpayer.taxpayer_id}${chance.int(10, 99)}`,
    kind: "original",
    state: "accepted",
    ...TAX,
    period,
    period_label,
    period_label_en,
    filed_at: at(filed_on, chance.int(1, 10)),
    filed_channel: chance.of(CHANNELS),
    filed_by_name_masked: who,
    due_on,
    fields: fieldsOf(sums, chance.int(8, 90), extra.corrected),
    result: resultOf(sums),
    charges,
    amends_return_id: null,
    superseded_by_return_id: null,
    void_reason: null,
    payment_state: sums.payable ? "unpaid" : "nothing_due",
    order_id: null,
    may_amend: true,
    may_void: false,
  };
}

function fileQuarter(chance, taxpayer, who, quarter, file, isLast, place) {
  const sales = chance.is(0.45) ? chance.int(2_000_000, 29_900_000) : chance.int(30_100_000, 260_000_000);
  const isCity = taxpayer.place_kind === "city";
  const sums = assess(place === 3 && isLast ? 90_123_456_789 : sales, isCity);
  const corrected = chance.is(0.15) ? { from: sums.salesFen + 120_00, reason: "一张发票已红冲" } : null;
  const filed = returnOf(chance, taxpayer, who, quarter, sums, { corrected });
  file.explanations.set(filed.return_id, explanationOf(sums, isCity));
  file.returns.unshift(filed);
  const ids = { return_id: filed.return_id, order_id: null };
  const ch = filed.filed_channel;
  file.acts.push(
    act(chance, at(quarter[4], 0), "filing.draft_started", ch, who, ["draft", null], quarter[1], quarter[2]),
  );
  if (corrected)
    file.acts.push(
      act(
        chance,
        at(quarter[4], 1),
        "filing.draft_changed",
        "h5",
        who,
        ["draft", null],
        "销售额改小 120.00 元：一张发票已红冲",
        "Sales ¥120.00 less: one invoice was cancelled",
      ),
    );
  const paid = `应缴 ${(sums.payable / 100).toFixed(2)} 元`;
  file.acts.push(
    act(
      chance,
      filed.filed_at,
      "filing.return_submitted",
      ch,
      who,
      ["return", filed.return_id],
      `${quarter[1]}，${paid}`,
      `${quarter[2]}, ¥${(sums.payable / 100).toFixed(2)} payable`,
    ),
  );
  if (!sums.payable) return;
  book(
    chance,
    file.ledger,
    filed.filed_at,
    `${quarter[1]}申报应缴`,
    `Return of ${quarter[2]}`,
    [
      ["1122", "应收税费", "Taxes receivable", sums.payable, 0],
      ["2221.01", "应缴增值税", "VAT due", 0, sums.vat],
      ["2221.02", "应缴附加税费", "Surcharges due", 0, sums.surcharges],
    ],
    ids,
  );
  const isOpen = isLast && (place % 3 === 0 || chance.is(0.2));
  const when = at(quarter[4], 11);
  const order = orderOf(chance, filed, filed.charges, when, isOpen ? "created" : "paid", isOpen ? null : "wechat");
  filed.order_id = order.order_id;
  filed.payment_state = isOpen ? "unpaid" : "paid";
  file.orders.unshift(order);
  file.acts.push(
    act(
      chance,
      when,
      "payment.order_created",
      ch,
      who,
      ["order", order.order_id],
      `订单 ${order.order_no}`,
      `Order ${order.order_no}`,
    ),
  );
  if (isOpen) {
    file.owed += order.amount_fen;
    return;
  }
  book(
    chance,
    file.ledger,
    when,
    "微信支付缴款",
    "Paid by WeChat Pay",
    [
      ["1002.01", "微信支付在途", "WeChat Pay in transit", sums.payable, 0],
      ["1122", "应收税费", "Taxes receivable", 0, sums.payable],
    ],
    { ...ids, order_id: order.order_id },
  );
  file.acts.push(
    act(
      chance,
      when,
      "payment.settled",
      "system",
      "系统",
      ["order", order.order_id],
      `微信支付 ${(sums.payable / 100).toFixed(2)} 元`,
      `¥${(sums.payable / 100).toFixed(2)} by WeChat Pay`,
    ),
  );
  if (chance.is(0.5))
    file.acts.push(
      act(
        chance,
        at(quarter[4], 12),
        "certificates.issued",
        ch,
        who,
        ["certificate", chance.uuid()],
        quarter[1],
        quarter[2],
      ),
    );
}

function draftOf(chance, taxpayer) {
  const sums = assess(chance.int(5_000_000, 60_000_000), taxpayer.place_kind === "city");
  return {
    draft_id: chance.uuid(),
    version: chance.int(1, 5),
    kind: "original",
    amends_return_id: null,
    ...TAX,
    period: "2026Q3",
    period_label: "2026年第三季度",
    period_label_en: "Q3 2026",
    due_on: "2026-10-26",
    started_channel: "miniprogram",
    last_channel: chance.of(["h5", "miniprogram", "app"]),
    updated_at: at("2026-11-22", 6),
    fields: fieldsOf(
      sums,
      chance.int(5, 40),
      chance.is(0.5) ? { from: sums.salesFen + 50_000, reason: "现金收入漏开一张发票，已补开" } : null,
    ),
    result: resultOf(sums),
    problems: chance.is(0.6)
      ? [
          {
            field: "sales_ordinary",
            is_blocking: false,
            code: "filing.less_than_invoices",
            text: "填写的销售额比发票合计少 500.00 元。",
            text_en: "Sales are ¥500.00 less than the invoices.",
            hint: "请说明原因。",
            hint_en: "Please say why.",
          },
        ]
      : [],
  };
}

/** The whole file of a taxpayer. */
export function fileOf(chance, taxpayer, contacts, place) {
  const file = {
    returns: [],
    orders: [],
    ledger: [],
    drafts: [],
    acts: [],
    explanations: new Map(),
    owed: 0,
    overdue: 0,
  };
  const who = contacts[0].name_masked;
  if (taxpayer.vat_kind !== "small_scale" || place === 11) return finish(file);
  const isLate = place % 9 === 4;
  const quarters = isLate ? QUARTERS.slice(0, -1) : QUARTERS;
  for (const quarter of quarters) fileQuarter(chance, taxpayer, who, quarter, file, quarter === QUARTERS.at(-1), place);
  file.acts.push(
    act(
      chance,
      at("2026-10-03", 3),
      "invoice.import_finished",
      "system",
      "系统",
      ["import", chance.uuid()],
      "数电票 42 张，重复 1 张",
      "42 e-invoices, 1 duplicate",
    ),
  );
  if (isLate) {
    file.overdue = 1;
    file.drafts.push(draftOf(chance, taxpayer));
  }
  if (place % 3 === 0 && file.returns.length > 1) amend(file);
  return finish(file);
}

function amend(file) {
  const old = file.returns[1];
  const newer = {
    ...old,
    return_id: old.return_id.replace(/.$/, (sign) => (sign === "0" ? "1" : "0")),
    return_no: `${old.return_no}A`,
    kind: "amendment",
    amends_return_id: old.return_id,
  };
  file.explanations.set(newer.return_id, file.explanations.get(old.return_id));
  Object.assign(old, { state: "superseded", superseded_by_return_id: newer.return_id, may_amend: false });
  file.returns.splice(1, 0, newer);
}

function finish(file) {
  file.acts.sort((one, other) => other.at.localeCompare(one.at));
  return file;
}
