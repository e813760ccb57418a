/** Mentions in a note: finding the word being typed after @, putting a name in, and who is mentioned in the end. Pure. */

export interface Mention {
  personId: number;
  name: string;
}

const LONGEST_WORD = 12;

/** The word being typed after @ before the caret; null when none is. */
export function wordAt(text: string, caret: number): string | null {
  const at = text.lastIndexOf("@", caret - 1);
  if (at < 0) return null;
  const word = text.slice(at + 1, caret);
  return /[\s@]/.test(word) || word.length > LONGEST_WORD ? null : word;
}

/** The text with a name in place of the word being typed, and where the caret goes. */
export function withName(text: string, caret: number, name: string): { text: string; caret: number } {
  const at = text.lastIndexOf("@", caret - 1);
  const head = `${text.slice(0, Math.max(at, 0))}@${name} `;
  return { text: head + text.slice(caret).replace(/^ /, ""), caret: head.length };
}

/** Of those chosen, whose names still stand in the text, each once. */
export function mentionsIn(text: string, chosen: Mention[]): Mention[] {
  const found = chosen.filter((one) => text.includes(`@${one.name}`));
  return found.filter((one, at) => found.findIndex((other) => other.personId === one.personId) === at);
}
