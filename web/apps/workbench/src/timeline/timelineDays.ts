import type { Schemas } from "@palmtax/api";
import { beijingDay } from "@palmtax/ui";

type Entry = Schemas["TimelineEntry"];

/** The acts of one Beijing day, newest first. */
export interface Day {
  on: string;
  entries: Entry[];
}

/** Entries in the order given, gathered by their Beijing day. */
export function byDay(entries: Entry[]): Day[] {
  const days: Day[] = [];
  for (const entry of entries) {
    const on = beijingDay(entry.at);
    const last = days.at(-1);
    if (last?.on === on) last.entries.push(entry);
    else days.push({ on, entries: [entry] });
  }
  return days;
}
