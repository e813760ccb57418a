/** Opened inside Alipay (a life channel's page): signed in by Alipay without typing, or once in the ordinary way. Answers are played. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { house, openPhone, openStage, sessionOf } from './stage.mjs'

const needsMock = house ? { skip: 'needs the mock’s levers' } : {}
const ALIPAY = 'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36 NebulaSDK/1.8 AlipayClient/10.7.0 Language/zh-Hans'
const WECHAT = 'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36 MicroMessenger/8.0.50'
const PICTURES = process.env.PALMTAX_PICTURES
let stage
before(async () => {
  stage = await openStage()
})
after(() => stage.close())

/** A phone whose platform sends the browser straight back as Alipay does; what our page asked is kept. */
async function openedIn(userAgent, { session = null, refusal = null } = {}) {
  const phone = await openPhone(stage, { userAgent })
  const asked = { begun: [], codes: [], bound: [] }
  await phone.page.route('**/api/identity/oauth', (route) => {
    asked.begun.push(route.request().postDataJSON())
    const way = userAgent === ALIPAY ? 'app_id=2021&source=alipay_wallet&scope=auth_base&auth_code=made-by-alipay' : 'code=made-by-wechat'
    return route.fulfill({ json: { address: `${stage.web}/?${way}&state=one-state-of-twenty-letters` } })
  })
  await phone.page.route('**/api/identity/sessions/oauth', (route) => {
    const { code, state } = route.request().postDataJSON()
    asked.codes.push([code, state])
    const { place, whose } = asked.begun.at(-1) ?? { place: '/pages/home/index', whose: '' }
    return refusal ? route.fulfill({ status: 409, json: refusal }) : route.fulfill({ json: { session, place, whose } })
  })
  await phone.page.route('**/api/identity/oauth/binding', (route) => {
    asked.bound.push(route.request().postDataJSON())
    return route.fulfill({ status: 204 })
  })
  return { ...phone, asked }
}

const link = (via) => `${stage.web}/#/pages/enter/index?to=%2Fpages%2Fmessages%2Findex&via=${via}`
const shot = (page, name) => PICTURES && page.screenshot({ path: `${PICTURES}/${name}.png` })

test('a user of Alipay whom we know is signed in without typing, and the code leaves the address', needsMock, async () => {
  const { page, asked, complaints } = await openedIn(ALIPAY, { session: await sessionOf(stage) })
  await page.goto(link('alipay_life'))
  await page.waitForURL(/#\/pages\/messages\/index/)
  assert.deepEqual(asked.begun, [{ account: 'alipay_life', place: '/pages/messages/index', whose: '' }])
  assert.deepEqual(asked.codes, [['made-by-alipay', 'one-state-of-twenty-letters']])
  assert.ok(!page.url().includes('auth_code'), page.url())
  assert.deepEqual(complaints, [])
})

test('somebody new signs in once, and the Alipay that led here is bound', needsMock, async () => {
  const { page, asked } = await openedIn(ALIPAY)
  await page.goto(link('alipay_life'))
  await page.getByText('第一次从支付宝打开').waitFor()
  await shot(page, 'alipay-first-time')
  await page.locator('[data-field=phone] input').fill('13812345678')
  await page.getByText('获取验证码').click()
  await page.getByText('验证码已发出').waitFor()
  await page.locator('[data-field=code] input').fill('246810')
  await page.getByRole('checkbox').click({ position: { x: 12, y: 24 } })
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.waitForURL(/#\/pages\/messages\/index/)
  assert.deepEqual(asked.bound, [{ state: 'one-state-of-twenty-letters' }])
})

test('a link of WeChat opened in Alipay asks Alipay, and the other way round', needsMock, async () => {
  const session = await sessionOf(stage)
  for (const [agent, via, account] of [
    [ALIPAY, 'wechat_oa', 'alipay_life'],
    [ALIPAY, 'alipay_life_linan', 'alipay_life_linan'],
    [WECHAT, 'alipay_life', 'wechat_oa'],
    [WECHAT, 'wechat_oa_linan', 'wechat_oa_linan'],
    [ALIPAY, '', 'alipay_life'],
  ]) {
    const { page, context, asked } = await openedIn(agent, { session })
    await page.goto(link(via))
    await page.waitForURL(/#\/pages\/messages\/index/)
    assert.deepEqual(asked.begun.map((one) => one.account), [account], via)
    await context.close()
  }
})

test('what Alipay refuses is said in words, with the ordinary way beside it', needsMock, async () => {
  const refusal = {
    code: 'identity.alipay_code_refused',
    text: '支付宝登录凭证已失效',
    hint: '请回到支付宝，从生活号重新打开一次',
    fields: {},
    trace_id: 'mock-trace',
  }
  const { page } = await openedIn(ALIPAY, { refusal })
  await page.goto(link('alipay_life'))
  await page.getByText('支付宝登录凭证已失效').waitFor()
  await page.getByText('从生活号重新打开一次').waitFor()
  await shot(page, 'alipay-refused')
  await page.getByText('用手机号登录').click()
  await page.waitForURL(/#\/pages\/sign-in\/index/)
})
