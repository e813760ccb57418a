import type { Schemas } from "@palmtax/api";
import { keep, readKept } from "../platform/platformStorage";

const RANDOM_BYTES = 16;

/**
 * The Idempotency-Key of a transfer. The same transfer keeps its key through a lost answer or a reload,
 * so that sending it again cannot register it twice; any other content gets a new one.
 */
export function keyFor(transfer: Schemas["TransferIn"]): string {
  const content = JSON.stringify(transfer);
  const kept = readKept<{ content: string; key: string }>("transfer");
  if (kept?.content === content) return kept.key;
  const key = freshKey();
  keep("transfer", { content, key });
  return key;
}

/** Forgets the key of a transfer whose answer has come. */
export function forgetKey(): void {
  keep("transfer", null);
}

function freshKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(RANDOM_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
