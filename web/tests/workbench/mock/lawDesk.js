/** The law desk of the mock: numbers through time and versions from draft to in force, with the refusals that matter. Not the law. */
import { randomUUID } from "node:crypto";
import { PARAMETERS } from "./studyData.js";

const TITLES = {
  iit_year: ["居民个人全年个人所得税", "Individual income tax of a year"],
  iit_special_deductions: ["个人所得税专项附加扣除", "Special additional deductions"],
  iit_bonus: ["年终奖个人所得税", "Year-end bonus"],
  vat_small_scale: ["小规模纳税人增值税", "VAT of small-scale taxpayers"],
  surcharges: ["附加税费", "Surcharges"],
};
const STATUTES = [
  {
    title: "个人所得税法",
    title_en: "Individual Income Tax Law",
    number: "主席令第九号",
    from_on: "2019-01-01",
    until: null,
    ended_on: null,
    replaced_by: "",
  },
  {
    title: "国发〔2018〕41号",
    title_en: "State Council 2018 no. 41",
    number: "国发〔2018〕41号",
    from_on: "2019-01-01",
    until: null,
    ended_on: null,
    replaced_by: "国发〔2023〕13号",
  },
];
const DATED = {
  "iit_special_deductions.child_month": [
    ["2019-01-01", "2022-12-31", "1000"],
    ["2023-01-01", null, "2000"],
  ],
  "iit_year.waiver_balance": [
    ["2019-01-01", "2023-12-31", "400"],
    ["2024-01-01", "2027-12-31", "400"],
  ],
};
const ITEMS = Array.from({ length: 7 }, (_, place) => ({
  kind: place < 3 ? "draft" : "return",
  id: randomUUID(),
  taxpayer_name: ["云川市临江巷张记小吃店", "云川市杏花街同心书屋", "云川市望湖阿珍裁缝铺"][place % 3],
  taxpayer_masked_no: `9233****${1000 + place * 7}`,
  period: "2026Q3",
  payable_fen: place < 3 ? null : 123_456 * (place + 1),
  version: null,
  submitted_at: place < 3 ? null : "2026-10-2" + (place % 9) + "T03:00:00Z",
}));

const today = () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
const masked = (person) => `${person.name[0]}*${person.name.at(-1)}`;

/** The routes of the law desk. */
export function lawDeskRoutes({ may, refuse, state }) {
  const all = Object.values(PARAMETERS)
    .flat()
    .filter((one) => one.value !== null);
  const changes = [];

  const stateOf = (change) =>
    change.state === "approved" ? (change.first_day > today() ? "scheduled" : "effective") : change.state;
  const lineOf = (change) => {
    const { change_id, key, value, first_day, until, article, drafted_by, drafted_at, decided_by, decided_at } = change;
    const { title, title_en, kind } = parameterOf(key);
    return {
      change_id,
      key,
      title,
      title_en,
      kind,
      state: stateOf(change),
      value,
      first_day,
      until,
      article,
      drafted_by: masked(drafted_by),
      drafted_at,
      decided_by: decided_by && masked(decided_by),
      decided_at,
    };
  };
  const parameterOf = (key) =>
    all.find((one) => one.key === key) ?? refuse(404, "knowledge.parameter_unknown", `没有名为“${key}”的参数`);
  const findChange = (id) =>
    changes.find((one) => one.change_id === id) ?? refuse(404, "knowledge.change_unknown", "没有找到这个变更");

  function valuesOf(one) {
    const dated = DATED[one.key] ?? [[one.first_day, one.until, one.value]];
    const files = dated.map(([first_day, until, value]) => ({
      first_day,
      until,
      value,
      article: one.article,
      paraphrase: "",
      published: first_day,
      source: "个人所得税法文本",
      confidence: one.source_confidence,
      note: "",
      origin: "file",
      change_id: null,
    }));
    const desk = changes
      .filter((change) => change.key === one.key && change.state === "approved")
      .map((change) => ({ ...change, paraphrase: "", origin: "desk" }));
    const values = [...files, ...desk].sort((a, b) => (a.first_day < b.first_day ? 1 : -1));
    const now = values.find((value) => value.first_day <= today() && (!value.until || value.until >= today()));
    return values.map(
      (
        { first_day, until, value, article, paraphrase, published, source, confidence, note, origin, change_id },
        place,
      ) => ({
        first_day,
        until,
        value,
        article,
        paraphrase,
        published,
        source,
        confidence,
        note,
        origin,
        change_id,
        is_in_force: values[place] === now,
      }),
    );
  }
  function parameterOut([, key]) {
    const { law, title, title_en, kind, unit, options } = parameterOf(key);
    const [law_title, law_title_en] = TITLES[law];
    return {
      key,
      law,
      law_title,
      law_title_en,
      title,
      title_en,
      kind,
      unit,
      options,
      checked_on: "2026-11-23",
      checked_by: "规则组（对照内部资料；未经税务机关复核）",
      values: valuesOf(parameterOf(key)),
      changes: changes.filter((one) => one.key === key).map(lineOf),
    };
  }
  function changeOut(change, session) {
    const one = parameterOf(change.key);
    const [law_title, law_title_en] = TITLES[one.law];
    const now = stateOf(change);
    const mine = change.drafted_by.person_id === session.person.person_id;
    const has = (scope) => session.hat.scopes.includes(scope);
    const open = now === "draft" || now === "returned";
    const faults = change.value === one.value && change.article === one.article ? ["新版本与现行规定完全相同"] : [];
    return {
      ...lineOf(change),
      law: one.law,
      law_title,
      law_title_en,
      unit: one.unit,
      options: one.options,
      published: change.published,
      source: change.source,
      confidence: change.confidence,
      note: change.note,
      confirm_retroactive: change.confirm_retroactive,
      is_retroactive: change.first_day < today(),
      reason: change.reason,
      acts: change.history.length,
      before: one.value,
      may_edit: mine && has("law.draft") && open,
      may_send: mine && has("law.draft") && open,
      may_approve: !mine && has("law.approve") && now === "sent",
      may_withdraw:
        (mine && has("law.draft") && (open || now === "sent")) || (has("law.approve") && now === "scheduled"),
      history: change.history,
      check: {
        version_before: "5d0f3a9c21be77",
        version_after: "5d0f3a9c21be77+what-if",
        faults,
        laws: [one.law, ...(one.law === "iit_year" ? [] : ["iit_year"])].map((code) => ({
          code,
          title: TITLES[code][0],
          title_en: TITLES[code][1],
        })),
        examples: {
          run: 46,
          unchanged: 44,
          changed: [
            ["IIT-01", 148_000, 100_000],
            ["IIT-07", 0, 12_345],
          ].map(([example, before, after]) => ({
            law: "iit_year",
            example,
            line: "tax",
            label: "全年应纳税额",
            label_en: "Tax of the year",
            before,
            after,
            unit: "fen",
          })),
        },
      },
    };
  }
  function write(change, body) {
    if (body.first_day < today() && !body.confirm_retroactive)
      refuse(409, "knowledge.change_overlaps_past", "施行日已过", "确认溯及既往后再保存。");
    return Object.assign(change, body);
  }
  const note = (change, act, session, reason = null) =>
    change.history.push({ act, by: masked(session.person), at: new Date().toISOString(), reason });

  function draft(_, { body, session }) {
    may(session, "law.draft");
    parameterOf(body.key);
    const change = write(
      {
        change_id: randomUUID(),
        state: "draft",
        drafted_by: session.person,
        drafted_at: new Date().toISOString(),
        decided_by: null,
        decided_at: null,
        reason: null,
        history: [],
      },
      body,
    );
    note(change, "drafted", session);
    changes.unshift(change);
    return changeOut(change, session);
  }
  const seen = (change, body) =>
    body?.acts != null &&
    body.acts !== change.history.length &&
    refuse(409, "knowledge.change_moved", "其间有人动过这个变更", "请刷新后再决定。");
  const step =
    (scope, work) =>
    ([, id], { body, session }) => {
      may(session, scope);
      const change = findChange(id);
      seen(change, body);
      work(change, session, body);
      return changeOut(change, session);
    };
  const decide = (change, session) => {
    if (change.drafted_by.person_id === session.person.person_id)
      refuse(409, "knowledge.same_officer", "不能复核自己起草的变更", "请另一位人员复核。");
    Object.assign(change, { decided_by: session.person, decided_at: new Date().toISOString() });
  };
  const send = step("law.draft", (change, session) => {
    if (changeOut(change, session).check.faults.length)
      refuse(409, "knowledge.change_has_faults", "核对发现问题", "改好后再送。");
    Object.assign(change, { state: "sent", reason: null });
    note(change, "sent", session);
  });
  const approve = step("law.approve", (change, session) => {
    if (!state.proved)
      refuse(403, "plumbing.second_factor_needed", "此操作需要再次验证身份", "请用短信验证码完成验证后继续");
    decide(change, session);
    change.state = "approved";
    note(change, "approved", session);
  });
  const giveBack = step("law.approve", (change, session, { reason }) => {
    decide(change, session);
    Object.assign(change, { state: "returned", reason });
    note(change, "returned", session, reason);
  });
  const withdraw = step("law.read", (change, session, { reason }) => {
    if (stateOf(change) === "effective")
      refuse(409, "knowledge.change_in_force", "已经施行，不能撤回", "请起草更新的版本。");
    Object.assign(change, { state: "withdrawn", reason });
    note(change, "withdrawn", session, reason);
  });
  const edit = step("law.draft", (change, session, body) => {
    write(change, body);
    note(change, "edited", session);
  });

  function laws(_, { query }) {
    const wanted = query.get("text") ?? "";
    const found = Object.entries(TITLES).map(([code, [title, title_en]]) => {
      const own = all.filter((one) => one.law === code);
      return {
        code,
        title,
        title_en,
        version: "5d0f3a9c21be77",
        parameters: own.length,
        uncertain: own.filter((one) => one.source_confidence === "uncertain").length,
        statutes: 2,
      };
    });
    const fits = (law) =>
      [law.title, ...all.filter((one) => one.law === law.code).map((one) => one.title)].some((text) =>
        text.includes(wanted),
      );
    return { laws: found.filter((law) => fits(law) && (query.get("uncertain") !== "true" || law.uncertain)) };
  }
  function law([, code]) {
    const [title, title_en] = TITLES[code] ?? refuse(404, "rules.unknown_law", "没有这项规定");
    const under = new Set(
      changes.filter((one) => !["withdrawn"].includes(one.state) && stateOf(one) !== "effective").map((one) => one.key),
    );
    const parameters = all
      .filter((one) => one.law === code)
      .map((one) => ({
        key: one.key,
        title: one.title,
        title_en: one.title_en,
        kind: one.kind,
        unit: one.unit,
        confidence: one.source_confidence,
        value: one.value,
        first_day: one.first_day,
        until: one.until,
        article: one.article,
        has_change: under.has(one.key),
      }));
    return { code, title, title_en, version: "5d0f3a9c21be77", parameters, statutes: STATUTES };
  }
  const read = (handler) => (match, given) => (may(given.session, "law.read"), handler(match, given));
  const one = "/api/knowledge/changes/([^/]+)";

  return [
    ["GET", /^\/api\/knowledge\/laws$/, read(laws)],
    ["GET", /^\/api\/knowledge\/laws\/(\w+)$/, read(law)],
    ["GET", /^\/api\/knowledge\/parameters\/([\w.]+)$/, read(parameterOut)],
    [
      "GET",
      /^\/api\/knowledge\/changes$/,
      read((_, { query }) => ({
        changes: changes.map(lineOf).filter((each) => !query.get("state") || each.state === query.get("state")),
        next_cursor: null,
      })),
    ],
    ["POST", /^\/api\/knowledge\/changes$/, draft],
    ["GET", new RegExp(`^${one}$`), read(([, id], { session }) => changeOut(findChange(id), session))],
    ["PUT", new RegExp(`^${one}$`), edit],
    ["POST", new RegExp(`^${one}/send$`), send],
    ["POST", new RegExp(`^${one}/approve$`), approve],
    ["POST", new RegExp(`^${one}/return$`), giveBack],
    ["POST", new RegExp(`^${one}/withdraw$`), withdraw],
    [
      "GET",
      /^\/api\/filing\/affected$/,
      read((_, { query }) =>
        query.get("law") === "iit_year"
          ? { drafts: 0, returns: 0, paid: 0, is_complete: true, items: [], next_cursor: null }
          : { drafts: 3, returns: 4, paid: 2, is_complete: true, items: ITEMS, next_cursor: null },
      ),
    ],
  ];
}
