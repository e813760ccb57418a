import type { Schemas } from "@palmtax/api";

type Line = Schemas["LedgerLineOut"];

/** A balanced entry: its lines, debit and credit, booked together. */
export interface Entry {
  entryId: string;
  lines: Line[];
}

/** The lines gathered into their entries, in the order given. */
export function byEntry(lines: Line[]): Entry[] {
  const entries = new Map<string, Entry>();
  for (const line of lines) {
    const entry = entries.get(line.entry_id) ?? { entryId: line.entry_id, lines: [] };
    entry.lines.push(line);
    entries.set(line.entry_id, entry);
  }
  return [...entries.values()];
}
