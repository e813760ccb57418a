import { computed, ref, watch, type Ref } from "vue";
import type { Language } from "@palmtax/text";
import { keep, readKept } from "../platform/platformStorage";

export type Theme = "light" | "dark" | "system";
export type Density = "calm" | "dense";

const systemDark = ref(false);

/** The reader's language. */
export const language: Ref<Language> = kept("language", navigator.language.startsWith("en") ? "en" : "zh");

/** Light, dark, or as the system has it. */
export const theme: Ref<Theme> = kept("theme", "system");

/** Rows of 40 or of 32 pixels. */
export const density: Ref<Density> = kept("density", "calm");

/** Whether the screen is dark now. */
export const isDark = computed(() => (theme.value === "system" ? systemDark.value : theme.value === "dark"));

/** Puts the preferences on the page and keeps them there. */
export function applyPreferences(): void {
  const query = window.matchMedia("(prefers-color-scheme: dark)");
  systemDark.value = query.matches;
  query.addEventListener("change", (event) => (systemDark.value = event.matches));
  watch(
    [isDark, density, language],
    () => {
      const root = document.documentElement;
      root.dataset.theme = isDark.value ? "dark" : "light";
      root.setAttribute("theme-mode", isDark.value ? "dark" : "light");
      root.dataset.density = density.value;
      root.lang = language.value === "en" ? "en" : "zh-CN";
    },
    { immediate: true },
  );
}

function kept<T>(name: string, otherwise: T): Ref<T> {
  const value = ref(readKept<T>(name) ?? otherwise) as Ref<T>;
  watch(value, (now) => keep(name, now));
  return value;
}
