import type { Bar } from "../chart/chartBars";
import type { Question } from "./processTypes";

/** Questions as bars in the order they are asked: who went on, who stopped there. */
export function funnelBars(
  questions: Question[],
  words: { wentOn: string; stopped: string },
  label: (question: Question) => string,
): Bar[] {
  return questions.map((one, at) => ({
    key: one.code,
    label: `${at + 1}. ${label(one)}`,
    parts: [
      { tone: "primary", word: words.wentOn, value: Math.max(one.seen - one.stopped, 0) },
      { tone: "seal", word: words.stopped, value: one.stopped },
    ],
    more: [one.seen, one.median_seconds, one.changes, one.held],
  }));
}

/** The question at which most people stop; null when nobody does. */
export function worstStop(questions: Question[]): Question | null {
  const stops = questions.filter((one) => one.stopped > 0);
  return stops.length ? stops.reduce((worst, one) => (one.stopped > worst.stopped ? one : worst)) : null;
}
