const RANDOM_BYTES = 16;

/** A fresh Idempotency-Key. */
export function freshKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(RANDOM_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Keys for one kind of request: the same content keeps its key until an answer came, any other gets a new one. */
export function keysByContent(): { keyFor: (content: unknown) => string; forget: () => void } {
  let kept = { content: "", key: "" };
  return {
    keyFor: (content) => {
      const text = JSON.stringify(content);
      if (kept.content !== text) kept = { content: text, key: freshKey() };
      return kept.key;
    },
    forget: () => void (kept = { content: "", key: "" }),
  };
}
