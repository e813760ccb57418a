import { expect, it } from "vitest";
import type { Schemas } from "@palmtax/api";
import { byEntry } from "./ledgerEntries";

it("says a text once only when every line carries it", () => {
  const texts = (given: string[]) =>
    byEntry(given.map((text) => ({ entry_id: "a", text })) as Schemas["LedgerLineOut"][]);
  expect(texts(["x", "x"])[0]?.isOneText).toBe(true);
  expect(texts(["x", "y", "x"])[0]?.isOneText).toBe(false);
});

const line = (entry_id: string, line_no: number) => ({ entry_id, line_no }) as Schemas["LedgerLineOut"];

it("keeps the lines of an entry together and the order of the entries", () => {
  const entries = byEntry([line("b", 1), line("b", 2), line("a", 1), line("a", 2), line("a", 3)]);
  expect(entries.map((entry) => [entry.entryId, entry.lines.length])).toEqual([
    ["b", 2],
    ["a", 3],
  ]);
});
