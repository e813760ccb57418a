import { language } from '@/state/preferences'
import { zh } from '@palmtax/text/mobile'
import { t } from '@/state/text'
import type { TextKey } from '@/state/text'

/** A scope in everyday words; an unknown one (a later server) is shown as "other matters". */
export function scopeName(scope: string): string {
  const key = `scope.${scope}`
  return key in zh ? t(key as TextKey) : language.value === 'en' ? 'other matters' : '其他事项'
}
