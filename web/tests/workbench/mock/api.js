/** The officer's part of the API over the mock town: the paths, shapes and refusals of the API document. */
import { randomUUID } from "node:crypto";
import { act, book } from "./history.js";
import { caseRoutes } from "./cases.js";
import { channelRoutes } from "./channels.js";
import { lawDeskRoutes } from "./lawDesk.js";
import { chanceFrom } from "./random.js";
import { studyRoutes } from "./studies.js";

export const OFFICER_PHONE = "13900000001";
const WORK = [
  "cases.read",
  "cases.decide",
  "complaints.read",
  "complaints.handle",
  "appointments.serve",
  "appointments.plan",
];
const HATS = [
  ["hall_clerk", "办税服务厅人员", "Hall clerk", "云川市税务局第一税务所", ["cases.read", "payment.register_transfer"]],
  ["analyst", "风险分析员", "Risk analyst", "云川市税务局风险管理科", ["cases.read"]],
  [
    "policy_analyst",
    "政策分析员",
    "Policy analyst",
    "云川市税务局税政科",
    ["insight.read", "insight.study", "law.read"],
  ],
  ["case_officer", "经办人员", "Case officer", "云川市税务局第一税务所", WORK],
  ["approver", "审批人员", "Approver", "云川市税务局第一税务所", [...WORK, "cases.assign"]],
  ["law_drafter", "税法台经办", "Law desk drafter", "云川市税务局法制科", ["law.read", "law.draft", "insight.read"]],
  ["system_admin", "系统管理员", "System administrator", "云川市税务局", ["channels.read", "channels.switch"]],
  ["law_approver", "税法台复核", "Law desk approver", "云川市税务局法制科", ["law.read", "law.approve"]],
].map(([role_code, role_name, role_name_en, title, scopes]) => ({
  hat_id: randomUUID(),
  kind: "officer",
  role_code,
  role_name,
  role_name_en,
  taxpayer_id: null,
  title,
  uscc: null,
  office_code: "13301990100",
  scopes,
  valid_until: "2027-12-31",
}));
HATS.push({
  ...HATS[0],
  hat_id: randomUUID(),
  kind: "self",
  role_code: "self",
  role_name: "本人",
  role_name_en: "Myself",
  title: "苏晚晴",
  scopes: [],
  valid_until: null,
});

const PERSONS = [
  { person_id: 1, name: "苏晚晴", phone_masked: "139****0001" },
  { person_id: 2, name: "陆知远", phone_masked: "139****0002", role: "law_approver" },
  { person_id: 2, name: "陆知远", phone_masked: "139****0012", role: "approver" },
  { person_id: 3, name: "沈知秋", phone_masked: "139****0003", role: "case_officer" },
];
const personOf = (phone) => PERSONS.find((one) => phone.endsWith(one.phone_masked.slice(-4))) ?? PERSONS[0];

class Refusal extends Error {
  constructor(status, code, text, hint = "") {
    super(code);
    this.status = status;
    this.body = { code, text, hint, fields: {}, trace_id: randomUUID().slice(0, 8) };
  }
}

/** A mock server's state and its routes: `[method, pattern, handler]`; handlers get (match, {query, body, headers, session}). */
export function makeApi(town, { hats = 1, hat = "hall_clerk", hasPopulation = true, cases } = {}) {
  const state = {
    access: new Map(),
    refresh: new Map(),
    tickets: new Map(),
    views: [],
    keys: new Map(),
    renewals: 0,
    proved: false,
  };
  const chance = chanceFrom(99);

  function openSession(hat, person = PERSONS[0]) {
    const session = { hat, person, token: randomUUID(), refresh: randomUUID() + randomUUID() };
    state.access.set(session.token, session);
    state.refresh.set(session.refresh, session);
    return {
      access_token: session.token,
      access_expires_at: new Date(Date.now() + 6e5).toISOString(),
      refresh_token: session.refresh,
      me: me(session),
    };
  }
  function me(session) {
    return {
      person: { ...session.person, is_real_name_checked: true },
      hat: session.hat,
      hats: HATS,
      second_factor_until: null,
      today: new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10),
    };
  }
  const first = (person) => (hats === 1 ? HATS.find((one) => one.role_code === (person?.role ?? hat)) : null);
  const fileOf = (id) =>
    town.get(Number(id)) ?? refuse(404, "cases.taxpayer_unknown", "没有找到这户纳税人", "可能不在您的管辖范围内。");

  function search(query) {
    if (!/^-?(name|uscc|registered_on)$/.test(query.get("sort") ?? "name"))
      refuse(422, "plumbing.malformed", "排序方式不对");
    const q = query.get("q") ?? "";
    const masked = q.replace(/＊/g, "*");
    let found = [...town.values()].filter(({ taxpayer, contacts, owed }) => {
      const meets =
        !q ||
        taxpayer.name.includes(q) ||
        taxpayer.uscc.startsWith(q.toUpperCase()) ||
        contacts.some((one) => one.phone_masked === masked);
      const filters = ["vat_kind", "status"].every((name) => !query.get(name) || taxpayer[name] === query.get(name));
      return meets && filters && (query.get("owed") !== "true" || owed > 0);
    });
    found = sorted(found.map(hitOf), query.get("sort") ?? "name");
    const start = Number(query.get("cursor") ?? 0);
    const limit = Number(query.get("limit") ?? 50);
    const end = start + limit;
    return { hits: found.slice(start, end), next_cursor: end < found.length ? String(end) : null, total: found.length };
  }

  function transfer(_, { body, headers, session }) {
    if (!session.hat?.scopes.includes("payment.register_transfer"))
      refuse(403, "plumbing.not_allowed", "当前岗位不能登记到账", "请切换岗位。");
    if (!state.proved)
      refuse(403, "plumbing.second_factor_needed", "此操作需要再次验证身份", "请用短信验证码完成验证后继续");
    const key = headers["idempotency-key"] ?? refuse(422, "payment.key_needed", "缺少请求编号");
    const known = state.keys.get(key);
    if (known && known.body !== JSON.stringify(body))
      refuse(422, "payment.key_reused", "同一个请求编号不能用于不同的内容");
    if (known) return known.order;
    const file = fileOf(body.taxpayer_id);
    const order =
      file.orders.find((one) => one.order_id === body.order_id) ??
      refuse(404, "payment.order_unknown", "没有找到这个缴款订单");
    if (order.state === "paid") refuse(409, "payment.order_paid", `订单 ${order.order_no} 已经缴清，无需再缴`);
    if (order.amount_fen !== body.amount_fen)
      refuse(409, "payment.transfer_amount_differs", "到账金额与应缴金额不同", "请核对银行回单。");
    settle(file, order, body);
    state.keys.set(key, { body: JSON.stringify(body), order });
    return order;
  }

  function settle(file, order, body) {
    const now = new Date().toISOString();
    Object.assign(order, { state: "paid", way: "bank_transfer", paid_at: now, channel_trade_no: body.bank_reference });
    file.owed -= order.amount_fen;
    const filed = file.returns.find((one) => one.return_id === order.return_id);
    if (filed) filed.payment_state = "paid";
    book(
      chance,
      file.ledger,
      now,
      "银行转账到账",
      "Bank transfer received",
      [
        ["1002.02", "银行转账在途", "Bank transfer in transit", order.amount_fen, 0],
        ["1122", "应收税费", "Taxes receivable", 0, order.amount_fen],
      ],
      { return_id: order.return_id, order_id: order.order_id },
    );
    file.acts.unshift(
      act(
        chance,
        now,
        "payment.transfer_registered",
        "workbench",
        "苏*晴",
        ["order", order.order_id],
        `流水号 ${body.bank_reference}`,
        `Reference ${body.bank_reference}`,
      ),
    );
  }

  function timeline([, id], { query }) {
    const acts = fileOf(id).acts.filter((one) => !query.get("channel") || one.channel === query.get("channel"));
    const start = Number(query.get("cursor") ?? 0);
    return {
      entries: acts.slice(start, start + 15),
      next_cursor: start + 15 < acts.length ? String(start + 15) : null,
    };
  }

  function poll([, id], { query }) {
    const ticket = state.tickets.get(id);
    if (!ticket || ticket.secret !== query.get("poll_secret"))
      refuse(404, "identity.ticket_unknown", "没有这个登录二维码");
    if (ticket.state !== "confirmed" || ticket.given) return { state: ticket.state, session: null };
    ticket.given = true;
    return { state: "confirmed", session: openSession(first()) };
  }

  function askTicket() {
    const id = randomUUID();
    state.tickets.set(id, { state: "waiting", secret: randomUUID() });
    return {
      ticket_id: id,
      poll_secret: state.tickets.get(id).secret,
      qr_text: `https://palmtax.example/q/${id}`,
      expires_at: new Date(Date.now() + 12e4).toISOString(),
    };
  }

  function renew(_, { body }) {
    const session = state.refresh.get(body.refresh_token);
    if (!session) {
      state.access.clear();
      refuse(401, "identity.refresh_reused", "登录已结束");
    }
    state.refresh.delete(body.refresh_token);
    state.renewals += 1;
    return openSession(session.hat, session.person);
  }

  const may = (session, scope) =>
    session.hat?.scopes.includes(scope) || refuse(403, "plumbing.not_allowed", "当前岗位不能这样做", "请切换岗位。");
  const taxpayers = "/api/cases/taxpayers";
  const routes = [
    ["POST", /^\/api\/identity\/sms-codes$/, () => ({ expires_in_seconds: 300, resend_in_seconds: 60 }), "open"],
    [
      "POST",
      /^\/api\/identity\/sessions\/sms$/,
      (_, { body }) =>
        body.code === "123456"
          ? openSession(first(personOf(body.phone)), personOf(body.phone))
          : refuse(409, "identity.code_wrong", "验证码不对", "请核对短信中的 6 位数字。"),
      "open",
    ],
    ["POST", /^\/api\/identity\/sessions\/refresh$/, renew, "open"],
    ["DELETE", /^\/api\/identity\/sessions\/current$/, (_, { session }) => void state.access.delete(session.token)],
    ["POST", /^\/api\/identity\/sign-in-tickets$/, askTicket, "open"],
    ["GET", /^\/api\/identity\/sign-in-tickets\/([^/]+)$/, poll, "open"],
    [
      "POST",
      /^\/api\/identity\/second-factor$/,
      (_, { body }) => {
        state.proved = body.code === "123456" || refuse(409, "identity.code_wrong", "验证码不对");
        return { valid_until: new Date(Date.now() + 9e5).toISOString() };
      },
    ],
    [
      "POST",
      /^\/api\/identity\/hat$/,
      (_, { body, session }) => {
        session.hat = HATS.find((hat) => hat.hat_id === body.hat_id);
        return me(session);
      },
    ],
    ["GET", new RegExp(`^${taxpayers}$`), (_, { query }) => search(query)],
    [
      "GET",
      new RegExp(`^${taxpayers}/(\\d+)$`),
      ([, id]) => {
        const { taxpayer, contacts, owed, overdue } = fileOf(id);
        return { taxpayer, contacts, owed_fen: owed, overdue_returns: overdue };
      },
    ],
    ["GET", new RegExp(`^${taxpayers}/(\\d+)/timeline$`), timeline],
    [
      "GET",
      new RegExp(`^${taxpayers}/(\\d+)/returns$`),
      ([, id]) => ({ returns: fileOf(id).returns, next_cursor: null }),
    ],
    [
      "GET",
      new RegExp(`^${taxpayers}/(\\d+)/returns/([^/]+)$`),
      ([, id, one]) =>
        fileOf(id).returns.find((each) => each.return_id === one) ??
        refuse(404, "filing.return_unknown", "没有找到这份申报"),
    ],
    [
      "GET",
      new RegExp(`^${taxpayers}/(\\d+)/returns/([^/]+)/explanation$`),
      ([, id, one]) => fileOf(id).explanations.get(one) ?? refuse(404, "filing.return_unknown", "没有找到这份申报"),
    ],
    ["GET", new RegExp(`^${taxpayers}/(\\d+)/drafts$`), ([, id]) => fileOf(id).drafts],
    ["GET", new RegExp(`^${taxpayers}/(\\d+)/orders$`), ([, id]) => fileOf(id).orders],
    [
      "GET",
      new RegExp(`^${taxpayers}/(\\d+)/ledger$`),
      ([, id]) => ({ lines: fileOf(id).ledger, owed_fen: fileOf(id).owed, next_cursor: null }),
    ],
    ["POST", /^\/api\/payment\/transfers$/, transfer],
    ["GET", /^\/api\/cases\/views$/, () => state.views],
    [
      "POST",
      /^\/api\/cases\/views$/,
      (_, { body }) => {
        const view = { view_id: randomUUID(), ...body };
        state.views.push(view);
        return view;
      },
    ],
    [
      "PUT",
      /^\/api\/cases\/views\/([^/]+)$/,
      ([, id], { body }) =>
        Object.assign(
          state.views.find((view) => view.view_id === id),
          body,
        ),
    ],
    [
      "DELETE",
      /^\/api\/cases\/views\/([^/]+)$/,
      ([, id]) => void (state.views = state.views.filter((view) => view.view_id !== id)),
    ],
    ...lawDeskRoutes({ may, refuse, state }),
    ...caseRoutes({ may, refuse, town, count: cases }),
    ...channelRoutes({ may, refuse }),
    ...studyRoutes({ may, refuse, hasPopulation }),
    // For tests only: what a phone or time would do.
    [
      "POST",
      /^\/mock\/scan$/,
      () => [...state.tickets.values()].forEach((ticket) => (ticket.state = "scanned")),
      "open",
    ],
    [
      "POST",
      /^\/mock\/confirm$/,
      () => [...state.tickets.values()].forEach((ticket) => (ticket.state = "confirmed")),
      "open",
    ],
    ["POST", /^\/mock\/expire$/, () => state.access.clear(), "open"],
    ["GET", /^\/mock\/renewals$/, () => ({ renewals: state.renewals }), "open"],
  ];
  return { state, routes, refuse };
}

function refuse(...given) {
  throw new Refusal(...given);
}

function hitOf({ taxpayer, contacts, owed, overdue, acts }) {
  const { taxpayer_id, name, uscc, kind, vat_kind, office_name } = taxpayer;
  return {
    taxpayer_id,
    name,
    uscc,
    kind,
    vat_kind,
    office_name,
    contact_name_masked: contacts[0].name_masked,
    contact_phone_masked: contacts[0].phone_masked,
    owed_fen: owed,
    overdue_returns: overdue,
    last_act_at: acts[0]?.at ?? null,
  };
}

function sorted(hits, sort) {
  const name = sort.replace(/^-/, "");
  const way = sort.startsWith("-") ? -1 : 1;
  const value = (hit) => hit[name] ?? "";
  return hits.sort(
    (one, other) =>
      way * (value(one) < value(other) ? -1 : value(one) > value(other) ? 1 : one.taxpayer_id - other.taxpayer_id),
  );
}
