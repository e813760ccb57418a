/** The matters this person opens most often; counted on this phone only. */
import { keep, recall } from '@/platform/storage'

export interface UsedMatter {
  code: string
  title: string
  title_en: string
  say: string
  say_en: string
  times: number
}

const KEPT = 'matters.used'
const MOST = 30

/** Most often first. */
export function usedMatters(count: number): UsedMatter[] {
  return [...(recall<UsedMatter[]>(KEPT) ?? [])].sort((one, other) => other.times - one.times).slice(0, count)
}

/** Counts one more visit. */
export function rememberMatter({ code, title, title_en, say, say_en }: Omit<UsedMatter, 'times'>): void {
  const before = recall<UsedMatter[]>(KEPT) ?? []
  const times = (before.find((one) => one.code === code)?.times ?? 0) + 1
  const others = before.filter((one) => one.code !== code)
  keep(KEPT, [{ code, title, title_en, say, say_en, times }, ...others].slice(0, MOST))
}
