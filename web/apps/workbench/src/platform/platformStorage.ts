/** What this browser keeps between visits. A full or forbidden store loses preferences, never work. */

const PREFIX = "palmtax.workbench.";

/** Reads what was kept under a name; null when nothing readable is there. */
export function readKept<T>(name: string): T | null {
  try {
    const kept = localStorage.getItem(PREFIX + name);
    return kept === null ? null : (JSON.parse(kept) as T);
  } catch {
    return null;
  }
}

/** Keeps a value; null forgets it. */
export function keep(name: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Private mode or a full disk: this visit works, the next one starts from the defaults.
  }
}

/** Calls back when another tab changes what is kept under a name. */
export function onKeptElsewhere(name: string, changed: () => void): void {
  window.addEventListener("storage", (event) => {
    if (event.key === PREFIX + name || event.key === null) changed();
  });
}
