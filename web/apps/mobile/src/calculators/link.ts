/**
 * A calculation in an address: `bonus.36000~rate.10p~is_resident.y~wage.10000x12`. Only letters, digits and `. _ - ~`, which no
 * messenger breaks and no server needs to decode; numbers, days, yes/no and option codes only, so no personal data can be in it.
 */
import { faultOf, isBlank, isSame, rowLength, startOf } from './facts'
import type { Fact, Given, Givens, Single } from './facts'

const LONGEST = 1800
const PIECE = /^([a-z][a-z0-9_]*)\.([A-Za-z0-9._-]+)$/
const CODE = /^[A-Za-z0-9._-]+$/

/** The answers that are not as they were at the start, in the order of the facts. */
export function encodeFacts(facts: Fact[], givens: Givens): string {
  return facts
    .map((fact) => [fact, givens[fact.code]] as const)
    .filter((pair): pair is readonly [Fact, Given] => !isBlank(pair[1]) && (needsSaying(pair[0]) || !isSame(pair[1]!, startOf(pair[0]))))
    .filter(([fact, given]) => !faultOf(fact, given))
    .map(([fact, given]) => `${fact.code}.${write(given)}`)
    .filter((piece) => PIECE.test(piece))
    .join('~')
}

/** Usual values may change with a release: what began as one is said in full. */
const needsSaying = (fact: Fact): boolean => fact.default === null || (fact.is_asked_first && fact.typical !== null)

function write(given: Given): string {
  if (!Array.isArray(given)) return writeOne(given)
  const runs: { text: string; times: number }[] = []
  for (const one of given) {
    const text = one === '' ? '-' : writeOne(one)
    const last = runs[runs.length - 1]
    if (last?.text === text) last.times += 1
    else runs.push({ text, times: 1 })
  }
  return runs.map(({ text, times }) => (times > 1 ? `${text}x${times}` : text)).join('_')
}

function writeOne(one: Single): string {
  if (typeof one === 'boolean') return one ? 'y' : 'n'
  return one.endsWith('%') ? `${one.slice(0, -1)}p` : one
}

/** The answers of an address, and how many pieces could not be read; those are left out. */
export function decodeFacts(facts: Fact[], text: string): { givens: Givens; refused: number } {
  const givens: Givens = {}
  if (text === '') return { givens, refused: 0 }
  if (text.length > LONGEST) return { givens, refused: 1 }
  let refused = 0
  for (const piece of text.split('~')) {
    const [, code = '', written = ''] = PIECE.exec(piece) ?? []
    const fact = facts.find((one) => one.code === code)
    const given = fact && !(code in givens) ? read(fact, written) : null
    if (given === null || !fact || isBlank(given) || faultOf(fact, given)) refused += 1
    else givens[code] = given
  }
  return { givens, refused }
}

function read(fact: Fact, written: string): Given | null {
  if (!fact.each) return readOne(fact, written)
  const values: Single[] = []
  for (const run of written.split('_')) {
    const [, text = '', times = '1'] = /^(.+?)(?:x([1-9]\d?))?$/.exec(run) ?? []
    const one = text === '-' ? '' : readOne(fact, text)
    if (one === null || values.length + Number(times) > rowLength(fact)) return null
    values.push(...Array.from({ length: Number(times) }, () => one))
  }
  return values.length === rowLength(fact) ? values : null
}

function readOne(fact: Fact, text: string): Single | null {
  if (fact.unit === 'yes_no') return text === 'y' ? true : text === 'n' ? false : null
  if (fact.unit === 'rate') return text.endsWith('p') ? `${text.slice(0, -1)}%` : null
  return CODE.test(text) ? text : null
}
