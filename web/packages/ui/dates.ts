/** Writes days and instants the way people say them: 12月15日（周二）, Tue 15 Dec. */

export type Language = 'zh' | 'en'

const WEEKDAYS_ZH = ['日', '一', '二', '三', '四', '五', '六']
const WEEKDAYS_EN = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS_EN = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const BEIJING_MS = 8 * 60 * 60 * 1000

/** A day ("2026-12-15") with its weekday; the year only when it is not `thisYear`. */
export function dayText(day: string, language: Language, thisYear?: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const weekday = new Date(Date.UTC(year, month - 1, date)).getUTCDay()
  const other = thisYear !== undefined && thisYear !== year
  if (language === 'en') return `${WEEKDAYS_EN[weekday]} ${date} ${MONTHS_EN[month - 1]}${other ? ` ${year}` : ''}`
  return `${other ? `${year}年` : ''}${month}月${date}日（周${WEEKDAYS_ZH[weekday]}）`
}

/** A day without its weekday, for lists: 12月15日, 15 Dec. */
export function shortDay(day: string, language: Language): string {
  const [, month = 1, date = 1] = day.split('-').map(Number)
  return language === 'en' ? `${date} ${MONTHS_EN[month - 1]}` : `${month}月${date}日`
}

/** The Beijing day of an instant, "2026-12-15". */
export function beijingDay(instant: string): string {
  return new Date(Date.parse(instant) + BEIJING_MS).toISOString().slice(0, 10)
}

/** The Beijing wall-clock time of an instant, "14:05". */
export function beijingTime(instant: string): string {
  return new Date(Date.parse(instant) + BEIJING_MS).toISOString().slice(11, 16)
}

/** An instant in words: 11月23日（周一）14:05. */
export function instantText(instant: string, language: Language, thisYear?: number): string {
  const space = language === 'en' ? ' ' : ''
  return `${dayText(beijingDay(instant), language, thisYear)}${space}${beijingTime(instant)}`
}

const QUARTERS_ZH: Record<string, string> = { '1': '一', '2': '二', '3': '三', '4': '四' }

/** A period in words: 2026年三季度, 2026年9月, 2026年; Q3 2026, Sep 2026, 2026. */
export function periodText(period: string, language: Language): string {
  const [, year = '', quarter, month] = /^(\d{4})(?:Q([1-4])|-(\d{2}))?$/.exec(period) ?? []
  if (!year) return period
  if (quarter) return language === 'en' ? `Q${quarter} ${year}` : `${year}年${QUARTERS_ZH[quarter]}季度`
  if (month) return language === 'en' ? `${MONTHS_EN[Number(month) - 1]} ${year}` : `${year}年${Number(month)}月`
  return language === 'en' ? year : `${year}年`
}
