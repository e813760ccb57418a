/** The lines of an explanation as steps: the twelve months of a row are one step, shown by its last month. */
import type { Schemas } from '@palmtax/api'

export type Line = Schemas['CalculationLine']

export interface Step {
  code: string
  /** The line itself, or the last of its row. */
  line: Line
  /** All places of a row in their order; empty for a single line. */
  row: Line[]
}

const PLACE = /_\d\d$/
const MONTHS_AT_LEAST = 4

/** Steps in the order in which they are complete. */
export function inSteps(lines: Line[]): Step[] {
  const rows = new Map<string, Line[]>()
  for (const line of lines) {
    const base = line.code.replace(PLACE, '')
    if (base !== line.code) rows.set(base, [...(rows.get(base) ?? []), line])
  }
  return lines.flatMap((line): Step[] => {
    const base = line.code.replace(PLACE, '')
    const row = rows.get(base) ?? []
    if (base === line.code || row.length < MONTHS_AT_LEAST) return [{ code: line.code, line, row: [] }]
    return line === row[row.length - 1] ? [{ code: base, line, row }] : []
  })
}
