/** What a calculator's link says and what is typed into it: pure parts of the app, compiled as the app compiles them. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const app = new URL('../../apps/mobile/', import.meta.url)
const { buildSync } = createRequire(new URL('package.json', app))('esbuild')

async function load(name) {
  const entry = fileURLToPath(new URL(`src/calculators/${name}.ts`, app))
  const { outputFiles } = buildSync({ entryPoints: [entry], bundle: true, format: 'esm', write: false })
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`)
}
const { decodeFacts, encodeFacts } = await load('link')
const { faultOf, grouped, plainOf, sizeOf, startOf, tidy } = await load('facts')
const { inSteps } = await load('steps')
const kept = JSON.parse(readFileSync(new URL('mock/calculators.json', import.meta.url), 'utf8'))

const fact = (code, unit, more = {}) => ({
  code,
  unit,
  each: null,
  lo: '0',
  hi: '1000000',
  default: null,
  typical: null,
  options: [],
  is_asked_first: true,
  ...more,
})
const FACTS = [
  fact('bonus', 'fen', { typical: '36000' }),
  fact('rate', 'rate', { lo: '0%', hi: '100%' }),
  fact('area', 'quantity'),
  fact('people', 'count'),
  fact('is_only', 'yes_no', { default: false, lo: null, hi: null }),
  fact('place', 'choice', { lo: null, hi: null, options: [{ code: 'shang_hai' }, { code: 'shenzhen' }] }),
  fact('bought_on', 'day', { lo: '2000-01-01', hi: '2030-12-31' }),
  fact('wage', 'fen', { each: 'month', default: '0' }),
]
const ANSWERS = {
  bonus: '36000.50',
  rate: '10.5%',
  area: '140.01',
  people: '3',
  is_only: true,
  place: 'shang_hai',
  bought_on: '2026-04-15',
  wage: [...Array(11).fill('10000'), '25000.01'],
}
const WRITTEN = 'bonus.36000.50~rate.10.5p~area.140.01~people.3~is_only.y~place.shang_hai~bought_on.2026-04-15~wage.10000x11_25000.01'

test('a link carries every kind of answer and gives it back', () => {
  assert.equal(encodeFacts(FACTS, ANSWERS), WRITTEN)
  assert.equal(encodeURIComponent(WRITTEN), WRITTEN, 'nothing in it needs to be escaped')
  assert.deepEqual(decodeFacts(FACTS, WRITTEN), { givens: ANSWERS, refused: 0 })
})

test('answers as they were at the start stay out of the link, usual values do not', () => {
  const start = Object.fromEntries(FACTS.map((one) => [one.code, startOf(one)]))
  assert.equal(encodeFacts(FACTS, start), 'bonus.36000')
  assert.deepEqual(decodeFacts(FACTS, ''), { givens: {}, refused: 0 })
})

test('a wrong answer is never put into a link', () => {
  assert.equal(encodeFacts(FACTS, { bonus: 'abc', people: '1.5', area: '140' }), 'area.140')
})

for (const [piece, why] of [
  ['name.zhang', 'no such fact'],
  ['bonus.-1', 'below its range'],
  ['bonus.1000001', 'above its range'],
  ['bonus.1.005', 'more than fen'],
  ['bonus.NaN', 'no number'],
  ['bonus.1e3', 'no plain number'],
  ['bonus.', 'empty'],
  ['bonus', 'no value'],
  ['rate.10', 'a rate without its mark'],
  ['rate.101p', 'above its range'],
  ['people.1.5', 'not whole'],
  ['is_only.yes', 'neither y nor n'],
  ['place.beijing', 'no such option'],
  ['place.%E5%BC%A0', 'not our letters'],
  ['bought_on.2026-02-30', 'no such day'],
  ['bought_on.1999-12-31', 'before its range'],
  ['wage.1_2', 'too few months'],
  ['wage.1x13', 'too many months'],
  ['wage.1x0', 'no times'],
  ['constructor.1', 'a word of the language'],
  ['__proto__.1', 'a word of the language'],
]) {
  test(`a link with ${piece} is read without it: ${why}`, () => {
    assert.deepEqual(decodeFacts(FACTS, `area.5~${piece}`), { givens: { area: '5' }, refused: 1 })
  })
}

test('the same fact twice counts once, a link that is far too long not at all', () => {
  assert.deepEqual(decodeFacts(FACTS, 'area.5~area.6'), { givens: { area: '5' }, refused: 1 })
  assert.deepEqual(decodeFacts(FACTS, `area.5~${'x'.repeat(2000)}`), { givens: {}, refused: 1 })
})

test('what people type or paste becomes a plain number', () => {
  assert.equal(tidy('fen', '￥1,234.5 元'), '1234.5')
  assert.equal(tidy('fen', '１２３'), '123')
  assert.equal(tidy('fen', '3.6万'), '36000')
  assert.equal(tidy('fen', '12.'), '12')
  assert.equal(tidy('fen', '−5'), '-5')
  assert.equal(tidy('rate', '10'), '10%')
  assert.equal(tidy('rate', '10％'), '10%')
  assert.equal(tidy('fen', 'abc'), 'abc')
})

test('what is wrong is named, with the range in figures that can be read', () => {
  const [bonus, rate, area, people] = FACTS
  assert.equal(faultOf(bonus, '1000000'), null)
  assert.deepEqual(faultOf(bonus, '1000000.01'), { name: 'range', values: { lo: '0', hi: '1,000,000' } })
  assert.deepEqual(faultOf({ ...bonus, hi: '100000000000' }, '-1'), { name: 'low', values: { lo: '0' } })
  assert.deepEqual(faultOf(bonus, '1.005'), { name: 'decimals', values: { places: 2 } })
  assert.deepEqual(faultOf(people, '1.5'), { name: 'whole', values: {} })
  assert.deepEqual(faultOf(area, 'many'), { name: 'number', values: {} })
  assert.equal(faultOf(rate, '100%'), null)
  assert.equal(sizeOf('5%'), 0.05)
  assert.equal(grouped('1234567.89'), '1,234,567.89')
})

test('answers travel as the server reads them', () => {
  assert.equal(plainOf(FACTS[0], '36000.50'), '36000.50')
  assert.equal(plainOf(FACTS[3], '3'), 3)
  assert.equal(plainOf(FACTS[0], ''), undefined)
  assert.deepEqual(plainOf(FACTS[7], ['5', ...Array(11).fill('')]), ['5', ...Array(11).fill('0')])
  assert.equal(plainOf({ ...FACTS[7], default: null }, ['5', ...Array(11).fill('')]), undefined)
})

test('the twelve months of a line are one step', () => {
  const lines = kept.calculations.iit_wage.result.lines
  const steps = inSteps(lines)
  const withheld = steps.find((step) => step.code === 'withheld')
  assert.equal(withheld.row.length, 12)
  assert.equal(withheld.line.code, 'withheld_12')
  assert.equal(steps.flatMap((step) => (step.row.length ? step.row : [step.line])).length, lines.length)
})
