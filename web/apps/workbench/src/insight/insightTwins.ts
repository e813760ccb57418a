import type { TwinLine } from "./insightTypes";

/** A line, or the months of one line together; `code` names them. */
export interface TwinEntry {
  code: string;
  lines: TwinLine[];
}

const MONTH = /^(.+)_(?:0[1-9]|1[0-2])$/;

/** The lines in their order, those of one line through the months gathered where the first of them stands. */
export function byMonths(lines: TwinLine[]): TwinEntry[] {
  const entries = new Map<string, TwinEntry>();
  for (const line of lines) {
    const code = MONTH.exec(line.code)?.[1] ?? line.code;
    const entry = entries.get(code) ?? { code, lines: [] };
    entry.lines.push(line);
    entries.set(code, entry);
  }
  return [...entries.values()];
}

/** What is shown of an entry: the last month alone, or all of them when it is open. */
export function shownLines(entry: TwinEntry, isOpen: boolean): TwinLine[] {
  return isOpen ? entry.lines : entry.lines.slice(-1);
}
