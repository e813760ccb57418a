/** The queue, the desk, the board, analytics and halls of the mock: the paths, shapes and refusals of the API document. */
import { randomUUID } from "node:crypto";
import { ageOf, boardOf } from "./board.js";
import { buildCases, OFFICE, OFFICERS } from "./caseData.js";
import { complaintDesk } from "./complaints.js";
import { auditOf, effectsOf, letter, officesFor, paperOf, templates } from "./deskPieces.js";
import { figures } from "./figures.js";
import { hallRoutes } from "./hall.js";

const nameOf = (id) => OFFICERS.find((one) => one[0] === id)?.[1] ?? "";
const now = () => new Date().toISOString();

/** Routes of cases; `count` open cases over the town. */
export function caseRoutes({ may, refuse, town, count = 24 }) {
  const cases = buildCases(town, count);
  const absences = [];
  const skillsOf = new Map([[2, ["invoice", "refund", "registration"]]]);
  const find = (id) => cases.get(id) ?? refuse(404, "cases.case_unknown", "没有找到这项任务");
  const bySubject = (id) =>
    [...cases.values()].find((one) => one.row.subject_id === id) ??
    refuse(404, "cases.case_unknown", "没有找到这项任务");
  const mine = (session) => session.person.person_id;
  const desk = complaintDesk({ refuse, mine, nameOf, officers: () => officers() });
  const shown = ({ row }, me) => ({ ...row, is_mine: row.claimed_by === me, is_second: row.state === "second" });

  function step(one, act, me, values = {}, note = "", to_name = "") {
    Object.assign(one.row, values, { version: one.row.version + 1 });
    if ("claimed_by" in values) one.row.claimed_by_name = values.claimed_by ? nameOf(values.claimed_by) : null;
    const [act_name, act_name_en] = {
      claim: ["认领任务", "Case taken"],
      return: ["退回任务", "Case given back"],
      assign: ["分派任务", "Case assigned"],
      hand_over: ["移交任务", "Case handed over"],
      opinion: ["提出审核意见", "Opinion given"],
      confirm: ["复审同意", "Opinion confirmed"],
      send_back: ["复审退回", "Opinion sent back"],
      wait: ["等待纳税人补正", "Case waits for the taxpayer"],
      answer: ["答复任务", "Case answered"],
      acceptance: ["决定是否受理", "Acceptance decided"],
      due: ["调整办理期限", "Term of the case changed"],
    }[act];
    one.history.push({
      ...{
        version: one.row.version,
        at: now(),
        act,
        act_name,
        act_name_en,
        by_name: nameOf(me),
        for_name: "",
        to_name,
      },
      ...{ state: one.row.state, office_code: one.row.office_code, note },
    });
  }
  function mayOf({ row, opinion }, session) {
    const me = mine(session);
    const leads = session.hat.scopes.includes("cases.assign");
    if (!session.hat.scopes.includes("cases.decide")) return ["note"];
    const free = row.claimed_by === null || row.claimed_by === me;
    const isWorked = ["open", "claimed"].includes(row.state);
    const may = [["note", true]];
    may.unshift(
      ["claim", free && row.claimed_by === null && ["open", "second"].includes(row.state)],
      [
        "return",
        row.claimed_by !== null && ["claimed", "second"].includes(row.state) && (row.claimed_by === me || leads),
      ],
      ["assign", leads && row.state !== "closed"],
      ["hand_over", isWorked && (free || leads)],
      ["decide", isWorked && free && row.kind === "matter"],
      ["confirm", row.state === "second" && opinion?.by !== me && free],
      ["answer", isWorked && free && row.kind === "letter"],
    );
    const allowed = may.filter(([, is]) => is).map(([act]) => act);
    if (row.kind !== "complaint" || !isWorked) return allowed;
    return [...allowed, ...desk.acts(row.subject_id, me).filter((act) => free || act === "decide_time")];
  }
  const whole = (one, session) => ({
    case: shown(one, mine(session)),
    opinion: one.opinion,
    notes: one.notes,
    history: one.history,
    waits_until_on: one.until,
    stand_in_name: null,
    may: mayOf(one, session),
  });

  function queue(query, session) {
    const me = mine(session);
    const hands = [me, ...absences.filter((one) => one.substitute_id === me).map((one) => one.person_id)];
    const views = {
      mine: ({ row }) => hands.includes(row.claimed_by) && ["claimed", "second"].includes(row.state),
      group: ({ row }) => row.claimed_by === null && ["open", "second"].includes(row.state),
      all: ({ row }) => row.state !== "closed",
      waiting: ({ row }) => row.state === "waiting",
      closed: ({ row }) => row.state === "closed",
    };
    const all = [...cases.values()];
    const due = {
      ...{ overdue: (d) => d < 0, today: (d) => d === 0, soon: (d) => d >= 0 && d <= 2 },
      week: (d) => d >= 0 && d <= 5,
    }[query.get("due")];
    const holder = query.get("view") === "closed" ? "first_by" : "claimed_by";
    const ofBoard = [
      ["person", (value) => (row) => (row[holder] ?? 0) === Number(value)],
      ["age", (value) => (row) => ageOf(row) === Number(value)],
      ["marked", () => (row) => row.priority === 2],
      [
        "decided",
        (value) => (row) =>
          !!row.outcome && (value !== "yes" || row.outcome === "yes") && (value !== "in_time" || row.days_left >= 0),
      ],
    ].flatMap(([name, fits]) => (query.get(name) ? [fits(query.get(name))] : []));
    const q = query.get("q") ?? "";
    const found = all
      .filter(views[query.get("view") ?? "mine"])
      .filter(({ row }) =>
        ["skill", "kind", "state"].every((name) => !query.get(name) || row[name] === query.get(name)),
      )
      .filter(({ row }) => !due || (due(row.days_left) && row.state !== "waiting"))
      .filter(({ row }) => ofBoard.every((fits) => fits(row)))
      .filter(({ row }) => !q || `${row.title}${row.taxpayer_name}${row.code}`.includes(q))
      .sort((a, b) => a.row.days_left - b.row.days_left || a.row.case_id.localeCompare(b.row.case_id));
    const start = Number(query.get("cursor") ?? 0);
    const end = start + Number(query.get("limit") ?? 50);
    const count_ = (view) => all.filter(views[view]).length;
    const near = all.filter((one) => views.mine(one) || views.group(one));
    return {
      cases: found.slice(start, end).map((one) => shown(one, me)),
      next_cursor: end < found.length ? String(end) : null,
      counts: {
        ...{ mine: count_("mine"), group: count_("group"), waiting: count_("waiting") },
        overdue: near.filter(({ row }) => row.days_left < 0).length,
        today: near.filter(({ row }) => row.days_left === 0).length,
        mentions: all.filter(({ row, notes }) => row.state !== "closed" && notes.some((n) => n.mentions.includes(me)))
          .length,
      },
    };
  }

  function bulk(body, query, refusal, act) {
    const rows = body.case_ids.map((id) => [id, refusal(find(id))]);
    if (query.get("preview") === "true")
      return { would: rows.map(([case_id, why]) => ({ case_id, ok: !why, why: why ?? "" })) };
    for (const [id, why] of rows) if (!why) act(find(id));
    const refused = rows.filter(([, why]) => why);
    return {
      done: rows.filter(([, why]) => !why).map(([id]) => id),
      refused: refused.map(([case_id, text]) => ({ case_id, code: "cases.refused", text })),
    };
  }
  const claims = (_, { body, query, session }) => {
    may(session, "cases.decide");
    const refusal = ({ row }) =>
      row.state === "closed"
        ? "这项任务已办结"
        : row.state === "waiting"
          ? "任务当前为“等补正”，不能这样操作"
          : row.claimed_by && row.claimed_by !== mine(session)
            ? `这项任务已由 ${row.claimed_by_name} 认领`
            : null;
    return bulk(body, query, refusal, (one) =>
      step(one, "claim", mine(session), {
        state: one.row.state === "open" ? "claimed" : one.row.state,
        claimed_by: mine(session),
      }),
    );
  };
  const returns = (_, { body, query, session }) => {
    const refusal = ({ row }) =>
      row.claimed_by === null
        ? "任务当前为“待认领”，不能这样操作"
        : row.claimed_by !== mine(session) && !session.hat.scopes.includes("cases.assign")
          ? "这项任务由其他同事办理"
          : null;
    return bulk(body, query, refusal, (one) =>
      step(one, "return", mine(session), {
        state: one.row.state === "claimed" ? "open" : one.row.state,
        claimed_by: null,
      }),
    );
  };
  const assignments = (_, { body, query, session }) => {
    may(session, "cases.assign");
    const refusal = ({ row }) =>
      row.state === "closed" ? "这项任务已办结" : row.kind === "complaint" ? "这项任务与办理人有关，需要回避" : null;
    return bulk(body, query, refusal, (one) =>
      step(one, "assign", mine(session), { state: "claimed", claimed_by: body.person_id }, "", nameOf(body.person_id)),
    );
  };

  const handovers = (_, { body, query, session }) => {
    const refusal = ({ row }) => (["open", "claimed"].includes(row.state) ? null : "任务当前不能移交");
    return bulk({ case_ids: [body.case_id] }, query, refusal, (one) => {
      const moved = { state: "open", claimed_by: null, office_code: body.office_code };
      step(one, "hand_over", mine(session), moved, body.reason);
    });
  };

  function deskOf(one, session) {
    const { row, application, matter } = one;
    return {
      ...{ application, case: shown(one, mine(session)), taxpayer_name: row.taxpayer_name },
      uscc: town.get(row.taxpayer_id).taxpayer.uscc,
      reasons_no: matter.reasons.map(([zh]) => zh),
      reasons_no_en: matter.reasons.map(([, en]) => en),
      ...{ effects: effectsOf(matter, application), needs_two: row.needs_two },
      ...{ document_title: "税务事项通知书", document_title_en: "Notice of a tax matter" },
      ...{ law: [matter.law], law_en: [matter.law_en] },
    };
  }
  function fresh(one, version) {
    const since = one.history.filter((move) => move.version > version);
    const isByClock = since.length === one.row.version - version && since.every((move) => move.act === "due");
    if (!isByClock) refuse(409, "cases.case_changed", "这项任务刚刚有变动", "请刷新后核对最新情况，再继续办理");
  }
  function settle(one, outcome, reason) {
    const isYes = outcome === "yes";
    Object.assign(one.row, { state: "closed", outcome, closed_at: now() });
    Object.assign(one.application, {
      state: isYes ? "approved" : "refused",
      decision: { outcome, reason, by_office: OFFICE[1], is_instant: false, decided_at: now() },
      document: isYes
        ? {
            ...{ document_id: randomUUID(), document_no: "云税通〔2026〕00018号" },
            ...{ title: "税务事项通知书", title_en: "Notice", verify_url: "" },
          }
        : null,
    });
  }
  function opinion([, id], { body, session }) {
    may(session, "cases.decide");
    const one = bySubject(id);
    fresh(one, body.case_version);
    if (body.outcome === "no" && !body.reason) refuse(422, "matters.reason_needed", "不予办理要写明理由");
    one.opinion = {
      ...{ outcome: body.outcome, reason: body.reason, by: mine(session), by_name: nameOf(mine(session)), at: now() },
      confirmed_by_name: null,
    };
    one.row.first_by = mine(session);
    if (!one.row.needs_two) settle(one, body.outcome, body.reason);
    step(one, "opinion", mine(session), one.row.needs_two ? { state: "second", claimed_by: null } : {}, body.reason);
    return deskOf(one, session);
  }
  function confirmation([, id], { body, session }) {
    const one = bySubject(id);
    fresh(one, body.case_version);
    if (one.opinion.by === mine(session)) refuse(409, "cases.same_officer", "初审和复审不能是同一人");
    if (body.is_agreed) settle(one, one.opinion.outcome, one.opinion.reason);
    const back = body.is_agreed ? {} : { state: "claimed", claimed_by: one.opinion.by };
    step(one, body.is_agreed ? "confirm" : "send_back", mine(session), back, body.reason);
    return deskOf(one, session);
  }
  function supplement([, id], { body, session }) {
    const one = bySubject(id);
    fresh(one, body.case_version);
    one.until = new Date(Date.now() + body.days * 864e5).toISOString().slice(0, 10);
    const { text, asks, papers } = body;
    Object.assign(one.application, { state: "supplement", supplement: { text, asks, papers, until: one.until } });
    step(one, "wait", mine(session), { state: "waiting", claimed_by: mine(session) }, text);
    return deskOf(one, session);
  }
  function decisions(_, { body, query, session }) {
    const isPreview = query.get("preview") === "true";
    const rows = body.application_ids.map((application_id) => {
      const one = bySubject(application_id);
      const isLacking = one.application.needs.some((need) => !need.holds) && body.outcome === "yes";
      const held = one.row.claimed_by && one.row.claimed_by !== mine(session);
      const why = held
        ? [`这项任务已由 ${one.row.claimed_by_name} 认领`, "Taken by a colleague"]
        : isLacking
          ? ["同意后的处理未能完成：尚有欠税", "What a yes does was refused: something is owed"]
          : null;
      if (!why && !isPreview) {
        if (!one.row.needs_two) settle(one, body.outcome, body.reason);
        step(
          one,
          "opinion",
          mine(session),
          one.row.needs_two ? { state: "second", claimed_by: null } : {},
          body.reason,
        );
      }
      return {
        application_id,
        is_ok: !why,
        code: why ? "cases.refused" : "",
        text: why?.[0] ?? "",
        text_en: why?.[1] ?? "",
      };
    });
    return { is_preview: isPreview, rows };
  }

  function note([, id], { body, session }) {
    const one = find(id);
    const made = {
      ...{ note_id: randomUUID(), at: now(), by: mine(session), by_name: nameOf(mine(session)), text: body.text },
      ...{ mentions: body.mentions, mention_names: body.mentions.map(nameOf) },
    };
    one.notes.push(made);
    return made;
  }
  const officers = () =>
    OFFICERS.map(([person_id, name_masked, role_code, role_name, role_name_en]) => {
      const held = [...cases.values()].filter(({ row }) => row.claimed_by === person_id && row.state !== "closed");
      const away = absences.find((one) => one.person_id === person_id);
      return {
        ...{
          person_id,
          name_masked,
          role_code,
          role_name,
          role_name_en,
          office_code: OFFICE[0],
          office_name: OFFICE[1],
        },
        ...{
          skills: skillsOf.get(person_id) ?? [],
          may_decide: true,
          is_absent: !!away,
          substitute_id: away?.substitute_id ?? null,
        },
        in_hand: held.filter(({ row }) => row.state !== "waiting").length,
        waiting: held.filter(({ row }) => row.state === "waiting").length,
        overdue: held.filter(({ row }) => row.state !== "waiting" && row.days_left < 0).length,
        due_soon: held.filter(({ row }) => row.state !== "waiting" && row.days_left >= 0 && row.days_left <= 2).length,
      };
    });
  const skills = ([, id], { body, session }) => {
    may(session, "cases.assign");
    skillsOf.set(Number(id), [...body.skills].sort());
  };
  const offices = ([, id], { query }) => officesFor(find(id).row.office_code, query.get("q") ?? "");
  const absenceOf = (one, session) => ({ ...one, is_mine: one.person_id === mine(session) });
  function absence(_, { body, session }) {
    const person_id = body.person_id ?? mine(session);
    const names = { name_masked: nameOf(person_id), substitute_name_masked: nameOf(body.substitute_id) };
    absences.push({ absence_id: randomUUID(), ...body, person_id, ...names });
    return absenceOf(absences.at(-1), session);
  }
  const present = ([, id]) =>
    void absences.splice(
      absences.findIndex((one) => one.absence_id === id),
      1,
    );
  function answer([, id], { body, session }) {
    const one = find(id);
    fresh(one, body.version);
    if (one.row.kind === "complaint") desk.answer(one.row.subject_id, mine(session), body.text);
    step(one, "answer", mine(session), { state: "closed", closed_at: now() }, body.text);
    return whole(one, session);
  }
  function acceptance([, id], { body, session }) {
    const one = find(id);
    const due_on = "2026-12-10";
    desk.accept(one.row.subject_id, mine(session), due_on);
    step(one, "acceptance", mine(session), { state: "claimed", claimed_by: mine(session), due_on }, body.reason);
    return whole(one, session);
  }
  const at = "/api/cases";
  return [
    ["GET", /^\/api\/cases\/queue$/, (_, { query, session }) => (may(session, "cases.read"), queue(query, session))],
    ["POST", /^\/api\/cases\/claims$/, claims],
    ["POST", /^\/api\/cases\/returns$/, returns],
    ["POST", /^\/api\/cases\/assignments$/, assignments],
    ["GET", new RegExp(`^${at}/cases/([^/]+)$`), ([, id], { session }) => whole(find(id), session)],
    ["POST", new RegExp(`^${at}/cases/([^/]+)/notes$`), note],
    ["POST", new RegExp(`^${at}/cases/([^/]+)/answer$`), answer],
    ["POST", new RegExp(`^${at}/cases/([^/]+)/acceptance$`), acceptance],
    ["GET", new RegExp(`^${at}/cases/([^/]+)/offices$`), offices],
    ["GET", new RegExp(`^${at}/cases/([^/]+)/audit$`), ([, id]) => auditOf(find(id))],
    ["POST", /^\/api\/cases\/handovers$/, handovers],
    ["GET", /^\/api\/cases\/officers$/, officers],
    ["PUT", /^\/api\/cases\/officers\/(\d+)\/skills$/, skills],
    ["GET", /^\/api\/cases\/templates$/, templates],
    ["GET", /^\/api\/cases\/absences$/, (_, { session }) => absences.map((one) => absenceOf(one, session))],
    ["DELETE", /^\/api\/cases\/absences\/([^/]+)$/, present],
    ["POST", /^\/api\/cases\/absences$/, absence],
    ["GET", /^\/api\/cases\/board$/, (_, { session }) => (may(session, "cases.assign"), boardOf(cases, officers()))],
    ...desk.routes,
    ["GET", /^\/api\/knowledge\/desk\/letters\/(\d+)\/([^/]+)$/, letter],
    ["GET", /^\/api\/matters\/cases\/([^/]+)$/, ([, id], { session }) => deskOf(bySubject(id), session)],
    ["GET", /^\/api\/matters\/cases\/([^/]+)\/papers\/([^/]+)$/, ([, id, paper]) => paperOf(bySubject(id), paper)],
    ["POST", /^\/api\/matters\/cases\/([^/]+)\/opinion$/, opinion],
    ["POST", /^\/api\/matters\/cases\/([^/]+)\/confirmation$/, confirmation],
    ["POST", /^\/api\/matters\/cases\/([^/]+)\/supplement$/, supplement],
    ["POST", /^\/api\/matters\/decisions$/, decisions],
    ["GET", /^\/api\/matters\/analytics$/, (_, { query }) => figures(query.get("since"), query.get("until"))],
    ...hallRoutes({ may }),
    // For tests only: a colleague was quicker.
    ["POST", /^\/mock\/cases\/([^/]+)\/touch$/, ([, id]) => void (find(id).row.version += 1), "open"],
    // For tests only: the clock gave the case another day.
    ["POST", /^\/mock\/cases\/([^/]+)\/due$/, ([, id]) => step(find(id), "due", 0, { due_on: "2026-12-31" }), "open"],
    ["GET", /^\/mock\/cases$/, () => [...cases.values()].map(({ row, notes }) => ({ ...row, notes })), "open"],
  ];
}
