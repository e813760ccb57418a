/** Complaints as the desk reads and handles them: accepted, looked into by two, given more time, answered. */
import { OFFICE } from "./caseData.js";

const now = () => new Date().toISOString();
const MOST_DAYS = 10;
const STATES = {
  filed: ["待受理", "waiting for acceptance"],
  accepted: ["已受理", "accepted"],
  investigating: ["调查中", "being looked into"],
  answered: ["已答复", "answered"],
};
const STEPS = {
  complaint_filed: ["提交投诉", "Filed"],
  complaint_accepted: ["受理", "Accepted"],
  investigation_begun: ["开始调查", "Being looked into"],
  extension_asked: ["申请延期", "More time asked for"],
  complaint_extended: ["延期答复", "Answer later"],
  complaint_answered: ["答复", "Answered"],
};

const fresh = (id) => ({
  ...{ complaint_id: id, complaint_no: "TS20261123000012", category: "conduct", sub_kind: "attitude" },
  ...{ title: "服务态度不好", title_en: "Unfriendly or rude", about: "第一税务所 3 号窗口", is_real_name: true },
  facts: "10 月 21 日上午在 3 号窗口办理变更登记，等候两小时后被告知系统已关，未说明原因。",
  ...{ is_quick: false, state: "filed", filed_at: now(), accept_by_on: "2026-12-03", accepted_at: null },
  ...{ is_accepted_by_time: false, due_on: null, extended_days: 0, refusal: "", answer: "", answered_at: null },
  ...{ is_satisfied: null, escalated_at: null, may_withdraw: true, may_say_satisfied: false, taxpayer_id: 100001 },
  ...{ office_code: OFFICE[0], investigators: [], most_extension_days: MOST_DAYS, extension_days: null },
  ...{ extension_reason: "", is_extension_agreed: null, extended_due_on: null, asked_by: null, steps: [] },
});

/** The complaints of a mock, and their routes. */
export function complaintDesk({ refuse, mine, nameOf, officers }) {
  const known = new Map();
  const read = (id) => {
    if (!known.has(id)) keep(known.set(id, fresh(id)).get(id), "complaint_filed", 0);
    return known.get(id);
  };
  function keep(one, act, by, note = "", is_public = true) {
    const [act_name, act_name_en] = STEPS[act];
    const step = { at: now(), act: `complaints.${act}`, act_name, act_name_en, note, is_by_clock: false, is_public };
    one.steps.push({ ...step, by_name: by ? nameOf(by) : "" });
  }
  const shown = (one) => ({
    ...one,
    ...{ state_name: STATES[one.state][0], state_name_en: STATES[one.state][1] },
    investigator_names: one.investigators.map(nameOf),
  });
  const isLookedInto = (one) => ["accepted", "investigating"].includes(one.state);

  /** What the server's `acts_open_to` says. */
  function acts(id, me) {
    const one = read(id);
    const asked = one.extension_days !== null;
    return [
      ["accept", one.state === "filed"],
      ["investigate", isLookedInto(one)],
      ["answer", isLookedInto(one) && new Set([...one.investigators, me]).size > 1],
      ["ask_time", isLookedInto(one) && !asked],
      ["decide_time", isLookedInto(one) && asked && one.is_extension_agreed === null && one.asked_by !== me],
    ].flatMap(([act, is]) => (is ? [act] : []));
  }
  function accept(id, me, due_on) {
    const one = read(id);
    Object.assign(one, { state: "accepted", accepted_at: now(), due_on, investigators: [me] });
    keep(one, "complaint_accepted", me);
  }
  function answer(id, me, text) {
    const one = read(id);
    if (!acts(id, me).includes("answer"))
      refuse(409, "complaints.second_investigator_needed", "投诉须由两名以上工作人员调查，现在只有一名");
    Object.assign(one, { state: "answered", answer: text, answered_at: now() });
    keep(one, "complaint_answered", me);
  }
  function investigation([, id], { body, session }) {
    const one = read(id);
    one.investigators = [...new Set([...one.investigators, mine(session), ...body.colleague_ids])];
    one.state = "investigating";
    keep(one, "investigation_begun", mine(session));
    return shown(one);
  }
  function extension([, id], { body, session }) {
    const one = read(id);
    if (one.extension_days !== null)
      refuse(409, "complaints.extension_refused", `只能延期一次，最多 ${MOST_DAYS} 个工作日`);
    Object.assign(one, { extension_days: body.days, extension_reason: body.reason, asked_by: mine(session) });
    one.extended_due_on = "2026-12-24";
    keep(one, "extension_asked", mine(session), body.reason, false);
    return shown(one);
  }
  function decision([, id], { body, session }) {
    const one = read(id);
    one.is_extension_agreed = body.is_agreed;
    if (body.is_agreed) Object.assign(one, { due_on: one.extended_due_on, extended_days: one.extension_days });
    if (body.is_agreed) keep(one, "complaint_extended", mine(session), one.extension_reason);
    one.extended_due_on = null;
    return shown(one);
  }
  const colleagues = (_, { session }) => officers().filter((one) => one.person_id !== mine(session));
  const at = "/api/complaints/desk/complaints/([^/]+)";
  return {
    ...{ acts, accept, answer },
    routes: [
      ["GET", new RegExp(`^${at}$`), ([, id]) => shown(read(id))],
      ["GET", new RegExp(`^${at}/colleagues$`), colleagues],
      ["POST", new RegExp(`^${at}/investigation$`), investigation],
      ["POST", new RegExp(`^${at}/extension$`), extension],
      ["POST", new RegExp(`^${at}/extension/decision$`), decision],
    ],
  };
}
