import type { Schemas } from "@palmtax/api";

type Line = Schemas["LedgerLineOut"];

/** A balanced entry: its lines, debit and credit, booked together. */
export interface Entry {
  entryId: string;
  lines: Line[];
  /** Whether all lines carry one text, so that it is said once. */
  isOneText: boolean;
}

/** The lines gathered into their entries, in the order given. */
export function byEntry(lines: Line[]): Entry[] {
  const entries = new Map<string, Entry>();
  for (const line of lines) {
    const entry = entries.get(line.entry_id) ?? { entryId: line.entry_id, lines: [], isOneText: true };
    entry.lines.push(line);
    entry.isOneText &&= line.text === entry.lines[0]?.text;
    entries.set(line.entry_id, entry);
  }
  return [...entries.values()];
}
