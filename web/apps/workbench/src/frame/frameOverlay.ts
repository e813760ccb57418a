import { ref } from "vue";

export type Overlay = "palette" | "shortcuts";

/** The one dialog that is open. There is one place for it, so a dialog can never lie over another. */
export const overlay = ref<Overlay | null>(null);

/** Opens a dialog in place of any other. */
export function openOverlay(which: Overlay): void {
  overlay.value = which;
}

/** Closes whatever is open. */
export function closeOverlay(): void {
  overlay.value = null;
}
