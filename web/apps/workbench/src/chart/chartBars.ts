import type { Tone } from "../look/lookStates";

/** A part of a bar: how much, of what. */
export interface Part {
  tone: Tone;
  word: string;
  value: number;
}

/** A bar with its parts; `more` are further numbers for the table. */
export interface Bar {
  key: string;
  label: string;
  note?: string;
  parts: Part[];
  more?: (number | string)[];
}

const FULL = 100;

/** The length of the longest bar. */
export function longestOf(bars: Bar[]): number {
  return Math.max(0, ...bars.map((bar) => bar.parts.reduce((sum, part) => sum + part.value, 0)));
}

/** A part's share of the longest bar in percent; a trace when it is not nothing. */
export function shareOf(value: number, longest: number): number {
  if (!value || !longest) return 0;
  return Math.max((value / longest) * FULL, 0.6);
}

/** A whole percent of something; 0 of nothing. */
export function percentOf(part: number, whole: number): number {
  return whole ? Math.round((part / whole) * FULL) : 0;
}
