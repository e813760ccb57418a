/** Places by their division codes: the list to choose from, and the name of a code. */
import { DIVISIONS } from './divisions'

export interface Region {
  code: string
  name: string
  /** From the province on, "浙江省 杭州市 西湖区". */
  path: string
}

const CITY_ITSELF = /^(市辖区|县|省直辖县级行政区划|自治区直辖县级行政区划)$/
let all: Region[] | null = null

/** Every place with six digits, provinces before cities before districts. */
export function everyRegion(): Region[] {
  all ??= DIVISIONS.flatMap(ofProvince)
  return all
}

function ofProvince(line: string): Region[] {
  const [head = '', ...cities] = line.split('|')
  const [number, province] = [head.slice(0, 2), head.slice(2)]
  return [
    { code: `${number}0000`, name: province, path: province },
    ...cities.flatMap((city) => {
      const [top = '', districts = ''] = city.split(':')
      const [place, name] = [top.slice(0, 2), top.slice(2)]
      const path = CITY_ITSELF.test(name) ? province : `${province} ${name}`
      const inside = [...districts.matchAll(/(\d\d)(\D+)/g)].map(([, code, own]) => ({
        code: `${number}${place}${code}`,
        name: own!,
        path: `${path} ${own}`,
      }))
      return CITY_ITSELF.test(name) ? inside : [{ code: `${number}${place}00`, name, path }, ...inside]
    }),
  ]
}

/** What lies directly in a place; '' for the country. */
export function insideOf(code: string): Region[] {
  const isIn = (one: Region): boolean => {
    if (code === '') return one.code.endsWith('0000')
    if (code.endsWith('0000')) return one.code.startsWith(code.slice(0, 2)) && one.code !== code && (one.code.endsWith('00') || !cityOf(one))
    return code.endsWith('00') && one.code.startsWith(code.slice(0, 4)) && one.code !== code
  }
  return everyRegion().filter(isIn)
}
const cityOf = (one: Region): boolean => one.path.split(' ').length > 2

/** Places whose path holds every typed word. */
export function findRegions(typed: string, most: number): Region[] {
  const words = typed.split(/\s+/).filter(Boolean)
  const found: Region[] = []
  for (const one of everyRegion()) {
    if (words.every((word) => one.path.includes(word) || one.code.startsWith(word))) found.push(one)
    if (found.length >= most) break
  }
  return found
}

/** The whole name of a code; the code itself when it is not in the list. */
export function regionName(code: string): string {
  return everyRegion().find((one) => one.code === code)?.path ?? code
}
