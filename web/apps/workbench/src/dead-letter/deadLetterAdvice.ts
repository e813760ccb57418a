import type { WordKey } from "../words/zh";

const ADVICE: Record<string, WordKey> = {
  no_way: "dead.do_no_way",
  expired: "dead.do_expired",
  tries: "dead.do_tries",
  outcome_unknown: "dead.do_outcome_unknown",
  words: "dead.do_words",
  unbound: "dead.do_unbound",
};

/** What to do about a reason, as the runbook says it; those of channels come with their own words. */
export const adviceFor = (code: string): WordKey => ADVICE[code] ?? "dead.do_other";
