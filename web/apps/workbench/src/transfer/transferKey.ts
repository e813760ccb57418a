import type { Schemas } from "@palmtax/api";
import { freshKey } from "../platform/platformKey";
import { keep, readKept } from "../platform/platformStorage";

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
