/** The periods a person may mean: the one that runs, and those before it, newest first. */

const MONTHS = 18
const QUARTERS = 10
const YEARS = 8
const IN_YEAR = 12
const IN_QUARTER = 3
const COUNTS: Record<string, number> = { month: MONTHS, quarter: QUARTERS, year: YEARS }

/** Codes of periods ("2026-09", "2026Q3", "2026") of the kinds, up to the one that holds `today`. */
export function lastPeriods(today: string, kinds: string[]): string[] {
  const [year = 2026, month = 1] = today.split('-').map(Number)
  const months = year * IN_YEAR + month - 1
  return kinds.flatMap((kind) => Array.from({ length: COUNTS[kind] ?? 0 }, (_, back) => codeOf(kind, months, back)))
}

function codeOf(kind: string, months: number, back: number): string {
  if (kind === 'year') return String(Math.floor(months / IN_YEAR) - back)
  if (kind === 'quarter') {
    const place = Math.floor(months / IN_QUARTER) - back
    return `${Math.floor(place / 4)}Q${(place % 4) + 1}`
  }
  const place = months - back
  return `${Math.floor(place / IN_YEAR)}-${String((place % IN_YEAR) + 1).padStart(2, '0')}`
}
