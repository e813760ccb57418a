import { onBeforeUnmount, onMounted } from "vue";
import { overlay } from "./frameOverlay";

/** Keys and what they do; returning false lets an older layer have the key. */
export type Keys = Record<string, () => void | boolean>;

const layers: Keys[] = [];

/** Binds keys while the component lives; the newest component is asked first. */
export function useKeys(keys: Keys): void {
  onMounted(() => layers.unshift(keys));
  onBeforeUnmount(() => void layers.splice(layers.indexOf(keys), 1));
}

/** Fields for words take letters; a box that was ticked does not. */
const FIELDS = "input:not([type=checkbox], [type=radio]), textarea, select";

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches(FIELDS));
}

function nameOf(event: KeyboardEvent): string {
  return event.ctrlKey || event.metaKey ? `mod+${event.key.toLowerCase()}` : event.key;
}

window.addEventListener("keydown", (event) => {
  const name = nameOf(event);
  const isCommand = name.startsWith("mod+");
  if (event.altKey || event.isComposing || event.defaultPrevented) return;
  if (!isCommand && (overlay.value || isTyping(event.target))) return;
  // Enter on a focused link or button is theirs.
  if (name === "Enter" && event.target instanceof Element && event.target.closest("a, button")) return;
  const layer = layers.find((keys) => keys[name] && keys[name]() !== false);
  if (layer) event.preventDefault();
});
