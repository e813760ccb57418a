/** Studies of the mock: invented figures in the shapes of the API document. Not the law, and no population. */
import { randomUUID } from "node:crypto";
import { BANDS, CITIES, INDUSTRIES, LAWS, PARAMETERS } from "./studyData.js";
import { resultOf, twinOf } from "./studyResult.js";

const POPULATION = {
  exists: true,
  is_invented: true,
  seed: 20261123,
  fingerprint: "b7c94e02a1d35f68",
  persons: 10_000_000,
  enterprises: 2_000_000,
  row_groups: 120,
  bytes_on_disk: 2_400_000_000,
};
const WORDS = {
  how_to_make: "请管理员在服务器上运行 palmtax demo --population，约需几分钟。",
  how_to_make_en: "Ask the administrator to run palmtax demo --population on the server; it takes some minutes.",
};
/** Polls until a study of the mock is done. */
const STEPS = 4;

const isOver = (study) => ["done", "failed", "cancelled"].includes(study.state);

function lineOf(study) {
  const {
    changes,
    groups_done,
    groups_total,
    rows_done,
    seconds_left,
    started_at,
    problem,
    population,
    is_population_same,
    result,
    ...line
  } = study;
  return line;
}

function make(body) {
  const known = body.laws.flatMap((law) => PARAMETERS[law] ?? []);
  const rows = LAWS.filter((law) => body.laws.includes(law.code)).reduce((sum, law) => sum + law.rows, 0);
  return {
    study_id: randomUUID(),
    name: body.name,
    state: "queued",
    laws: body.laws,
    on: body.on,
    after_on: body.after_on,
    percent: 0,
    created_at: new Date().toISOString(),
    finished_at: null,
    created_by_masked: "苏*晴",
    revenue_delta_fen: null,
    rows,
    changes: Object.entries(body.changes).map(([key, after]) => {
      const { title, title_en, kind, unit, value } = known.find((one) => one.key === key);
      return { key, title, title_en, kind, unit, before: value, after };
    }),
    groups_done: 0,
    groups_total: 100,
    rows_done: 0,
    seconds_left: null,
    started_at: null,
    problem: null,
    population: {
      fingerprint: POPULATION.fingerprint,
      persons: POPULATION.persons,
      enterprises: POPULATION.enterprises,
      seed: POPULATION.seed,
    },
    is_invented: true,
    is_population_same: true,
    result: null,
  };
}

/** Each look brings a study a step further. */
function advance(study) {
  if (isOver(study)) return study;
  const done = study.state === "queued" ? 0 : study.groups_done + study.groups_total / STEPS;
  Object.assign(study, {
    state: "running",
    started_at: study.started_at ?? new Date().toISOString(),
    groups_done: done,
    percent: Math.round((done / study.groups_total) * 100),
    rows_done: Math.round((study.rows * done) / study.groups_total),
    seconds_left: Math.max(1, Math.round(((study.groups_total - done) / study.groups_total) * 38)),
  });
  if (done >= study.groups_total) finish(study);
  return study;
}

function finish(study) {
  const laws = LAWS.filter((law) => study.laws.includes(law.code)).map((law) =>
    resultOf(law, { CITIES, INDUSTRIES, BANDS }),
  );
  const sum = (name) => laws.reduce((total, law) => total + law[name], 0);
  study.result = {
    laws,
    before_fen: sum("before_fen"),
    after_fen: sum("after_fen"),
    delta_fen: sum("delta_fen"),
    seconds: 41.6,
  };
  Object.assign(study, {
    state: "done",
    percent: 100,
    finished_at: new Date().toISOString(),
    seconds_left: null,
    revenue_delta_fen: study.result.delta_fen,
    rows_done: study.rows,
  });
}

function seeded() {
  const past = [
    make({
      name: "子女教育扣除提到每月 3,000 元",
      laws: ["iit_year"],
      on: "2026-11-20",
      after_on: null,
      changes: { "iit_special_deductions.child_month": "3000" },
    }),
    make({
      name: "小规模季度免征额 50 万",
      laws: ["vat_small_scale_return"],
      on: "2026-11-18",
      after_on: null,
      changes: { "vat_small_scale.quarter_threshold": "500000" },
    }),
    make({ name: "2027 年新规定预演", laws: ["iit_year"], on: "2026-11-18", after_on: "2027-01-01", changes: {} }),
  ];
  past[0].created_at = "2026-11-20T02:14:00Z";
  finish(past[0]);
  Object.assign(past[1], { state: "cancelled", created_at: "2026-11-18T08:00:00Z", percent: 40 });
  Object.assign(past[2], {
    state: "failed",
    created_at: "2026-11-18T03:20:00Z",
    problem: {
      code: "rules.parameter_not_in_force",
      text: "2027-01-01 没有“每月减除费用”的规定",
      hint: "请选择已有规定的日期，或先在税法台补上新版本。",
    },
  });
  return past;
}

/** The routes of studies. `may(session, scope)` refuses who may not; `refuse` throws a problem. */
export function studyRoutes({ may, refuse, hasPopulation = true }) {
  const studies = hasPopulation ? seeded() : [];
  const keys = new Map();
  const find = (id) =>
    studies.find((study) => study.study_id === id) ?? refuse(404, "insight.study_unknown", "没有找到这次推演");
  const read = (handler) => (match, given) => (may(given.session, "insight.read"), handler(match, given));

  function start(_, { body, headers, session }) {
    may(session, "insight.study");
    if (!Object.keys(body.changes).length && (body.after_on ?? body.on) === body.on)
      refuse(409, "insight.nothing_changed", "推演前后的规定完全相同", "请修改至少一个参数。");
    const key = headers["idempotency-key"];
    const study = keys.get(key) ?? make(body);
    if (!keys.has(key)) studies.unshift(study);
    keys.set(key, study);
    return study;
  }
  function cancel([, id], { session }) {
    may(session, "insight.study");
    const study = find(id);
    if (isOver(study)) refuse(409, "insight.study_over", "这次推演已经结束", "请刷新查看结果。");
    return Object.assign(study, { state: "cancelled", finished_at: new Date().toISOString() });
  }
  function rows([, id], { query }) {
    const law = find(id).result.laws.find((one) => one.law === query.get("law"));
    const wanted = ["change", "city", "industry", "band", "decile"].filter((name) => query.get(name));
    const order = query.get("order") ?? "row";
    const way = { loss: -1, gain: 1, row: 0 }[order];
    const found = law.sample.filter((row) => wanted.every((name) => String(row[name]) === query.get(name)));
    const sorted = way
      ? found.filter((row) => Math.sign(row.delta_fen) === -way).sort((a, b) => way * (a.delta_fen - b.delta_fen))
      : found;
    const from = Number(query.get("cursor") ?? 0);
    return {
      rows: sorted.slice(from, from + 8),
      next_cursor: from + 8 < sorted.length ? String(from + 8) : null,
      scanned: 20_000,
    };
  }
  const twin = ([, id, row], { query }) => {
    const law = find(id).result.laws.find((one) => one.law === query.get("law"));
    return twinOf(
      law.sample.find((each) => each.row === Number(row)) ??
        refuse(404, "insight.row_unknown", `合成人口中没有第 ${row} 行`),
      { CITIES, INDUSTRIES, BANDS },
    );
  };
  const parameters = ([, code], { query }) => ({
    law: code,
    ...LAWS.find((law) => law.code === code),
    on: query.get("on"),
    parameters: PARAMETERS[code],
  });
  const list = (_, { query }) => ({
    studies: studies
      .map(advanceRunning)
      .filter((one) => !query.get("state") || one.state === query.get("state"))
      .map(lineOf),
    next_cursor: null,
  });
  const advanceRunning = (study) => (study.state === "running" ? advance(study) : study);

  return [
    [
      "GET",
      /^\/api\/insight\/population$/,
      read(() => ({
        ...POPULATION,
        exists: hasPopulation,
        cities: CITIES,
        industries: INDUSTRIES,
        bands: BANDS,
        ...WORDS,
      })),
    ],
    ["GET", /^\/api\/insight\/laws$/, read(() => LAWS)],
    ["GET", /^\/api\/insight\/laws\/(\w+)\/parameters$/, read(parameters)],
    ["POST", /^\/api\/insight\/studies$/, start],
    ["GET", /^\/api\/insight\/studies$/, read(list)],
    ["GET", /^\/api\/insight\/studies\/([^/]+)$/, read(([, id]) => advance(find(id)))],
    ["POST", /^\/api\/insight\/studies\/([^/]+)\/cancel$/, cancel],
    ["GET", /^\/api\/insight\/studies\/([^/]+)\/rows$/, read(rows)],
    ["GET", /^\/api\/insight\/studies\/([^/]+)\/rows\/(\d+)$/, read(twin)],
  ];
}
