/** The sub-package of the public calculators in the real mini-program build, on the mock or (PALMTAX_API) on a running house. */
const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, test } = require('node:test')
const { boot, prepare } = require('..')

const BUILD = path.resolve(__dirname, '../../../apps/mobile/dist/build/mp-weixin')
const MOCK = path.resolve(__dirname, '../../../tests/mobile/mock/server.mjs')
/** A copy of our own: the journey prepares another one at the same time. */
const COPY = fs.mkdtempSync(path.join(os.tmpdir(), 'palmtax-mini-'))

let api = process.env.PALMTAX_API
let mock = null
let mini

before(async () => {
  if (!api) {
    mock = await (await import(MOCK)).startMock()
    api = mock.address
  }
  mini = boot(prepare(BUILD, COPY), { api })
})
after(() => {
  mock?.close()
  fs.rmSync(COPY, { recursive: true, force: true })
})

const posts = () => mini.requests.filter((one) => one.method === 'POST' && /knowledge\/calculators\/iit_bonus$/.test(one.url))

test('from the welcome screen to the list, without signing in', async () => {
  const home = await mini.open('/pages/home/index')
  await home.tap('先算一算')
  const list = await mini.follow()
  assert.equal(list.route, 'calculators/list/index')
  await list.until('年终奖个税')
  await list.tap('年终奖个税')
  const bonus = await mini.follow()
  assert.equal(bonus.query.law, 'iit_bonus')
})

test('the calculator computes while numbers are typed, and compares', async () => {
  const page = await mini.open('/calculators/detail/index?law=iit_bonus')
  await page.until('单独计税更省，少缴 ¥2,520.00')
  await page.type('[data-field=bonus]', '100,000')
  await page.type('[data-field=annual_income]', '60000')
  await page.until('并入综合所得更省，少缴')
  const body = JSON.parse(posts().at(-1).body)
  assert.deepEqual(body.facts, { bonus: '100000', annual_income: '60000', deductions: '30000' })
  assert.equal(posts().at(-1).headers.Authorization, undefined)
  await page.tap('怎么算出来的')
  await page.until('个人所得税法')
})

test('WeChat’s card carries the answers in its path and opens the same result', async () => {
  const page = await mini.open('/calculators/detail/index?law=iit_bonus&f=bonus.48000~annual_income.150000~deductions.30000')
  await page.until('少缴')
  const card = page.component.instance.onShareAppMessage({})
  assert.match(card.title, /^年终奖个税：/)
  assert.match(
    card.path,
    /^\/calculators\/detail\/index\?law=iit_bonus&f=bonus\.48000~annual_income\.150000~deductions\.30000&on=\d{4}-\d\d-\d\d&v=\w{8}$/,
  )
  const saved = /少缴 ¥[\d,.]+/.exec(page.text())[0]
  const other = await mini.open(card.path)
  await other.until(saved)
})

test('a row of months and a question that decides are drawn', async () => {
  const wage = await mini.open('/calculators/detail/index?law=iit_wage')
  await wage.until('全年预扣税额')
  assert.equal(wage.all('.months .column').length, 12)
  const home = await mini.open('/calculators/detail/index?law=home_purchase')
  await home.until(/填好“.+”就能算出来/)
  await home.tap(home.all('.pill').find((pill) => pill.textContent.trim() === '住房'))
  await home.until('怎么算出来的')
})

test('the app complained about nothing', () => {
  assert.deepEqual(mini.complaints, [])
})
