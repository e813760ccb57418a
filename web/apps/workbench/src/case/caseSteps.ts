import type { Act, CaseRow, May, Whole } from "./caseTypes";

/** A button below the case. */
export interface Step {
  act: Act | "claim" | "return" | "next";
  word: `${"case" | "complaint" | "service"}.${string}`;
  key?: string;
  isMain?: boolean;
}

/** What can be done with a case now, the most likely first. */
export function stepsOf(row: CaseRow, may: readonly May[]): Step[] {
  const can = (one: May): boolean => may.includes(one);
  const isFree = row.claimed_by === null;
  const steps: (Step | false)[] = [
    can("claim") && isFree && row.state === "open" && { act: "claim", word: "case.take", key: "c", isMain: true },
    can("confirm") && { act: "confirm", word: "case.review", key: "e", isMain: true },
    can("decide") && { act: "yes", word: "case.agree", key: "e", isMain: !isFree },
    can("decide") && { act: "no", word: "case.refuse", key: "d" },
    can("decide") && { act: "supplement", word: "case.ask_more", key: "s" },
    can("decide_time") && { act: "decide_time", word: "complaint.decide_time", isMain: true },
    can("accept") && { act: "accept", word: "case.accept", key: "e", isMain: !isFree },
    can("answer") && { act: "answer", word: "case.answer", key: "e", isMain: !isFree },
    can("investigate") && { act: "investigate", word: "complaint.investigate", isMain: !isFree && !can("answer") },
    can("contact") && { act: "contact", word: "case.contact_note" },
    can("phone") && { act: "phone", word: "service.call", key: "e", isMain: !isFree },
    can("paper") && { act: "paper", word: "service.paper", key: "e", isMain: !isFree },
    can("ask_time") && { act: "ask_time", word: "complaint.ask_time" },
    can("informant") && { act: "informant", word: "complaint.informant" },
    can("hand_over") && { act: "hand_over", word: "case.hand_over", key: "o" },
    can("assign") && { act: "assign", word: "case.assign", key: "a" },
    can("return") && { act: "return", word: "case.give_back", key: "r" },
    isOut(row, may) && { act: "next", word: "case.next", key: "n", isMain: true },
  ];
  return steps.filter((step): step is Step => step !== false);
}

/** Whether the case has left this officer's hands, for good or for now. */
const isOut = (row: CaseRow, may: readonly May[]): boolean =>
  row.state === "closed" || ((row.state === "waiting" || row.state === "second") && !may.includes("confirm"));

const WORK: ReadonlySet<May> = new Set([
  "decide",
  "confirm",
  "accept",
  "investigate",
  "answer",
  "decide_time",
  "phone",
  "paper",
]);

/** Why there is nothing to decide here; empty when there is. */
export function waitsFor(
  whole: Whole,
): "closed_now" | "waits_taxpayer" | "waits_second" | "waits_other" | "read_only" | "" {
  const { case: row, may } = whole;
  if (may.some((one) => WORK.has(one))) return "";
  if (row.state === "closed") return "closed_now";
  if (row.state === "waiting") return "waits_taxpayer";
  if (row.state === "second") return "waits_second";
  return row.claimed_by !== null && !row.is_mine ? "waits_other" : "read_only";
}
