/** My affairs in the browser: everything in one place, filtered, live, taken away; on the mock, which can misbehave. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { house, openPhone, openStage, sessionOf } from './stage.mjs'

const needsMock = house ? { skip: 'needs the mock’s levers' } : {}
let stage
let session
before(async () => {
  stage = await openStage()
  if (!house) session = await sessionOf(stage)
})
after(() => stage.close())

const json = (method, body) => ({ method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
const post = (path, body) => fetch(stage.web + path, json('POST', body)).then((answer) => answer.json())
const asked = (pattern) => stage.mock.world.asked.filter((one) => pattern.test(one.path))
const codes = (page) => page.locator('[data-section]').evaluateAll((cards) => cards.map((card) => card.dataset.section))
const choose = (page, name) => page.getByRole('radio', { name }).click()

async function open(preferences = {}, address = '/matters/affairs/index') {
  await post('/mock/scenario', {})
  const phone = await openPhone(stage, { preferences: { session, ...preferences } })
  await phone.page.goto(`${stage.web}/#${address}`)
  return phone
}

test('every section stands in one place and is filtered; what the bureau does not hold is said so', needsMock, async () => {
  const { page, complaints, context } = await open()
  await page.getByText('还有 1 项待缴，共 ¥3,971.71。').waitFor()
  const every = await codes(page)
  assert.ok(['progress', 'payments', 'invoices', 'violations', 'credit'].every((code) => every.includes(code)))
  await page.getByText('没有违法记录。').waitFor()
  await choose(page, /^要我办的 \d+$/)
  assert.ok(!(await codes(page)).includes('credit'))
  assert.ok((await codes(page)).includes('payments'))
  await choose(page, '纳税信用')
  assert.deepEqual(await codes(page), ['credit'])
  await page.getByText('B 级', { exact: true }).waitFor()
  assert.deepEqual(complaints, [])
  await context.close()
})

test('a row leads to its thing, the head to all of them, home and “me” lead here', needsMock, async () => {
  const { page, context } = await open({}, '/pages/me/index')
  await page.getByRole('button', { name: /^我的事/ }).click()
  await page.getByRole('button', { name: '看发票' }).click()
  await page.waitForURL(/invoices\/list/)
  await page.goto(`${stage.web}/#/pages/home/index`)
  await page.getByRole('button', { name: '全部', exact: true }).click()
  await page.waitForURL(/matters\/affairs/)
  await page.locator('[data-section=progress] .rows [role=button]').first().click()
  await page.waitForURL(/matters\/(application|fill)\/index\?id=/)
  await context.close()
})

test('what an officer decides shows without a touch', needsMock, async () => {
  const { page, context } = await open()
  const list = await (await fetch(`${stage.web}/api/matters/applications?group=open`)).json()
  const before = (await (await fetch(`${stage.web}/api/matters/affairs`)).json()).sections[0].count
  await page.getByText(`${before} 件还没办完。`).waitFor()
  await page.waitForFunction(() => performance.getEntriesByType('resource').length > 0)
  for (let turn = 0; turn < 100 && !stage.mock.world.state.listeners?.size; turn += 1) await page.waitForTimeout(20)
  await post('/mock/elsewhere', { application_id: list.applications[0].application_id, outcome: 'yes' })
  await page.getByText(`${before - 1} 件还没办完。`).waitFor()
  await context.close()
})

test('what is shown is what is taken away', needsMock, async () => {
  const { page, context } = await open()
  await choose(page, '纳税信用')
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '导出表格' }).click()])
  assert.equal(file.suggestedFilename(), '我的事.xlsx')
  const [tab] = await Promise.all([context.waitForEvent('page'), page.getByRole('button', { name: '导出 PDF' }).click()])
  await tab.waitForURL(/^blob:/).catch(() => undefined)
  assert.equal(asked(/affairs\/export/).length, 2)
  await context.close()
})

test('without an answer it says so and tries again; in English no Chinese word is left', needsMock, async () => {
  await post('/mock/scenario', {})
  const { page, context } = await openPhone(stage, { preferences: { session, language: 'en' } })
  await page.route('**/api/matters/affairs', (route) => route.abort())
  await page.goto(`${stage.web}/#/matters/affairs/index`)
  await page.getByRole('alert').waitFor()
  await page.unroute('**/api/matters/affairs')
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('1 to pay, ¥3,971.71 in all.').waitFor()
  assert.doesNotMatch(await page.locator('uni-page-body').last().innerText(), /[\u4e00-\u9fff]/)
  await context.close()
})
