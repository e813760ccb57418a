/** What survives: a tunnel, a lost answer, another phone, a lapsed token. On the mock, which can be made to misbehave. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { house, openPhone, openStage, signIn } from './stage.mjs'

const needsMock = house ? { skip: 'needs the mock’s levers' } : {}
let stage
before(async () => {
  stage = await openStage()
})
after(() => stage.close())

const set = (changes) =>
  fetch(`${stage.web}/mock/set`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(changes) })
const scenario = (changes = {}) =>
  fetch(`${stage.web}/mock/scenario`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(changes) })
const asked = (method, pattern) => stage.mock.world.asked.filter((one) => one.method === method && pattern.test(one.path))

async function openReturn(options) {
  await scenario()
  const phone = await openPhone(stage, options)
  await signIn(stage, phone.page)
  await phone.page.getByRole('button', { name: '去申报' }).click()
  await phone.page.getByText('应缴税费').waitFor()
  return phone
}

async function correct(page, amount) {
  await page.getByRole('button', { name: '更正没开发票的收入' }).click()
  await page.locator('[data-field=amount] input').fill(amount)
  await page.getByRole('radio', { name: '有收入没有开发票' }).click()
  await page.getByRole('button', { name: '保存更正' }).click()
}

test('a correction made offline survives a restart of the app and is sent when the network is back', needsMock, async () => {
  const { page, context } = await openReturn({ serviceWorkers: 'allow' })
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await page.waitForTimeout(1200)
  await context.setOffline(true)
  await correct(page, '12,345.67')
  await page.getByText('改动存在这部手机里').waitFor()
  await page.reload()
  await page.getByText('改动存在这部手机里').waitFor()
  await page.getByText('12,345').first().waitFor()
  assert.equal(asked('PATCH', /drafts/).length, 0)
  await context.setOffline(false)
  await page.getByText('已保存').waitFor()
  const [patch] = asked('PATCH', /drafts/)
  assert.deepEqual(patch.body.corrections, [{ field: 'sales_uninvoiced', value_fen: 1_234_567, reason: '有收入没有开发票' }])
  await context.close()
})

test('nothing under /api/ is kept by the service worker', needsMock, async () => {
  const { page, context } = await openReturn({ serviceWorkers: 'allow' })
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  const kept = await page.evaluate(async () => {
    const found = []
    for (const name of await caches.keys()) for (const request of await (await caches.open(name)).keys()) found.push(request.url)
    return found
  })
  assert.ok(kept.length > 10)
  assert.deepEqual(
    kept.filter((url) => url.includes('/api/')),
    [],
  )
  await context.close()
})

test('two phones, one field: both values are shown and the person chooses', needsMock, async () => {
  const { page, context } = await openReturn()
  await set({ version: 9, corrections: { sales_uninvoiced: { value_fen: 500_000, reason: '另一部手机改的' } } })
  await correct(page, '6000')
  await page.getByText('在别处也改过').waitFor()
  assert.match(await page.locator('.sheet').innerText(), /6,000[\s\S]*5,000/)
  await page.getByRole('button', { name: /这部手机上的/ }).click()
  await page.getByText('已保存').waitFor()
  assert.equal(asked('PATCH', /drafts/).at(-1).body.version, 9)
  assert.equal(stage.mock.world.state.corrections.sales_uninvoiced.value_fen, 600_000)
  await context.close()
})

test('a lost answer: the same key again, one return, even after a restart', needsMock, async () => {
  const { page, context } = await openReturn()
  // The server takes it; the answer is lost on the way. (Dropping the connection would not do: Chromium asks again by itself.)
  let lost = 0
  await page.route('**/api/filing/returns', async (route) => {
    if (lost > 0) return route.continue()
    lost += 1
    await route.fetch()
    return route.abort('connectionreset')
  })
  await page.getByRole('button', { name: '提交' }).click()
  await page.getByText('上次提交没有收到回答').waitFor()
  await page.reload()
  await page.getByRole('button', { name: '确认结果' }).click()
  await page.getByRole('button', { name: '确认缴款' }).waitFor()
  const keys = asked('POST', /filing\/returns$/).map((one) => one.headers['idempotency-key'])
  assert.equal(keys.length, 2)
  assert.equal(new Set(keys).size, 1)
  assert.equal(stage.mock.world.state.returns.length, 1)
  await context.close()
})

test('a double tap submits once', needsMock, async () => {
  const { page, context } = await openReturn()
  await page.getByRole('button', { name: '提交' }).dblclick()
  await page.getByRole('button', { name: '确认缴款' }).waitFor()
  assert.equal(asked('POST', /filing\/returns$/).length, 1)
  await context.close()
})

test('a lapsed token is renewed once for all requests; a dead one leads to sign-in', needsMock, async () => {
  const { page, context } = await openReturn()
  await set({ lapsed: true })
  await page.goto(`${stage.web}/#/filing/calendar/index`)
  await page.getByText('截止日遇节假日会顺延').waitFor()
  assert.equal(asked('POST', /sessions\/refresh/).length, 1)
  await set({ lapsed: true, dead: true })
  await page.goto(`${stage.web}/#/filing/history/index`)
  await page.getByText('登录已经到期').waitFor()
  await context.close()
})

test('a refusal is said in the server’s words with a next step', needsMock, async () => {
  await scenario()
  const { page, context } = await openPhone(stage)
  await page.goto(`${stage.web}/#/pages/sign-in/index`)
  await page.locator('[data-field=phone] input').fill('13812345678')
  await page.locator('[data-field=code] input').fill('111111')
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.getByText('请先阅读并勾选同意').waitFor()
  assert.equal(asked('POST', /sessions\/sms/).length, 0)
  await page.getByRole('checkbox').click({ position: { x: 12, y: 24 } })
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.getByText('验证码不对。').waitFor()
  await context.close()
})
