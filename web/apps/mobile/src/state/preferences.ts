/** How this person likes to read: language, size, theme. Kept on the phone. */
import { computed, ref, watch } from 'vue'
import type { Language } from '@palmtax/text'
import { markDocument } from '@/platform/browser'
import { embedded } from '@/platform/embedded'
import { keep, recall } from '@/platform/storage'

export type Theme = 'auto' | 'light' | 'dark'

export const language = ref<Language>(recall<Language>('language') ?? firstLanguage())
export const theme = ref<Theme>(recall<Theme>('theme') ?? 'auto')
export const isElder = ref(recall<boolean>('elder') ?? false)

/** Inside another application nobody chose yet: the browser's. */
function firstLanguage(): Language {
  return embedded && !navigator.language.startsWith('zh') ? 'en' : 'zh'
}

/** Classes of a screen's root; mini programs have no attributes on the document. */
export const lookClasses = computed(() => [`theme-${theme.value}`, isElder.value ? 'elder' : 'ordinary'])

/** Shows the preferences to the document and keeps every later change. */
export function applyPreferences(): void {
  markDocument(theme.value, isElder.value, language.value)
}

watch([language, theme, isElder], () => {
  keep('language', language.value)
  keep('theme', theme.value)
  keep('elder', isElder.value)
  applyPreferences()
})
