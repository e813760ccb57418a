/** Waiting one's turn: place, estimate, keeping the place over a restart, going on by itself and once. Place answers are played. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { house, openPhone, openStage, signIn } from './stage.mjs'

const needsMock = house ? { skip: 'needs the mock’s levers' } : {}
const PICTURES = process.env.PALMTAX_PICTURES
let stage
before(async () => {
  stage = await openStage()
})
after(() => stage.close())

const asked = (method, pattern) => stage.mock.world.asked.filter((one) => one.method === method && pattern.test(one.path))

/** What the house says to who must wait. */
const told = (ahead, seconds, poll = 0.4) => ({
  state: 'waiting',
  code: 'plumbing.please_wait',
  text: `现在办理的人较多，您前面还有 ${ahead} 人`,
  hint: '位置已为您保留',
  trace_id: '',
  fields: {
    room: 'filing',
    room_zh: '申报',
    room_en: 'filing a return',
    place: 'w.filing.1.a.1.seal',
    ahead,
    low_seconds: Math.floor(seconds * 0.9),
    high_seconds: Math.ceil(seconds * 1.1) + 2,
    poll_seconds: poll,
    kept_seconds: seconds + 900,
  },
})

/** A door in front of the mock: closed until `open()`, then whoever polls gets a pass. */
async function doorBefore(page, paths) {
  const door = { isOpen: false, polls: 0, turned: 0, seen: [], ahead: 1234, seconds: 600 }
  await page.route('**/api/waiting/place', (route) => {
    door.polls += 1
    door.seen.push(route.request().headers()['x-waiting'])
    const json = door.isOpen ? { state: 'admitted', room: 'filing', pass: 'a.filing.2.a.0.seal' } : told(door.ahead, door.seconds)
    return route.fulfill({ json })
  })
  await page.route(paths, (route) => {
    if (route.request().headers()['x-waiting']?.startsWith('a.')) return route.continue()
    door.turned += 1
    return route.fulfill({ status: 503, json: told(door.ahead, door.seconds) })
  })
  return door
}

async function openReturn(options) {
  await fetch(`${stage.web}/mock/scenario`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' })
  const phone = await openPhone(stage, options)
  await signIn(stage, phone.page)
  await phone.page.getByRole('button', { name: '去申报' }).click()
  await phone.page.getByText('应缴税费').waitFor()
  return phone
}

const room = (page) => page.locator('[data-waiting=room]').last()
async function picture(page, name) {
  if (PICTURES) await page.screenshot({ path: `${PICTURES}/${name}.png` })
}

test('a return handed in at the rush waits, keeps its place over a restart, and is filed once, without a second tap', needsMock, async () => {
  const { page, context } = await openReturn()
  const door = await doorBefore(page, '**/api/filing/**')
  await page.getByRole('button', { name: '提交' }).click()
  await room(page).waitFor()
  await page.getByText('1,234').last().waitFor()
  await page.getByText('预计 9–12 分钟轮到您').last().waitFor()
  await page.getByText('您的位置保留到').last().waitFor()
  assert.equal(await room(page).locator('[aria-live=polite]').count(), 1)
  await picture(page, 'waiting-zh')
  assert.equal(asked('POST', /returns$/).length, 0)

  door.ahead = 56
  await page.getByText('56', { exact: true }).last().waitFor()
  await page.reload() // the tab died, or the person came back in an hour
  await room(page).waitFor()
  assert.ok(door.seen.every((one) => one === 'w.filing.1.a.1.seal'))
  door.isOpen = true
  await page.locator('[data-waiting]').first().waitFor({ state: 'detached' })
  await page.getByRole('button', { name: '确认结果' }).click()
  await page.waitForURL(/payment\/pay|filing\/done/)
  const sent = asked('POST', /returns$/)
  assert.equal(new Set(sent.map((one) => one.headers['idempotency-key'])).size, 1)
  await context.close()
})

/** What only accompanies the thing that is due on the home screen. */
const ACCOMPANIES = /\/api\/(matters\/applications|messaging\/messages|partners\/features)/
/** The requests of this kind that go over the wire, as they go. */
function wire(page) {
  const sent = []
  page.on('request', (one) => ACCOMPANIES.test(one.url()) && sent.push(one))
  return sent
}
const dueCard = (page) => page.getByRole('button', { name: /^(去申报|继续申报)$/ })
const resting = (page) => page.locator('[data-resting]').last()
const comesLater = (page) => page.waitForResponse((answer) => ACCOMPANIES.test(answer.url()) && answer.ok())

test('opening the app in a rush takes one place; what accompanies the return rests until it is calm', needsMock, async () => {
  const phone = await openReturn()
  const { page } = phone
  await page.goto(`${stage.web}/#/pages/home/index`)
  await dueCard(page).waitFor()
  const door = await doorBefore(page, /\/api\/(filing|matters|messaging|partners)\//)
  await page.clock.install()
  await page.reload()
  await room(page).waitFor()
  for (let turn = 0; turn < 200 && door.polls < 2; turn += 1) await page.waitForTimeout(50)
  assert.equal(door.turned, 1)
  const sent = wire(page)
  door.isOpen = true
  await dueCard(page).waitFor()
  await resting(page).waitFor()
  await picture(page, 'waiting-resting')
  assert.equal(sent.length, 0)
  const calm = comesLater(page)
  await page.clock.fastForward('02:00')
  await calm
  await resting(page).waitFor({ state: 'detached' })
  assert.equal(door.turned, 1)
  assert.ok(sent.length >= 3)
  await phone.context.close()
})

test('who is served while others wait hears it, keeps seeing the last visit, and asks for no more than the matter at hand', needsMock, async () => {
  const { page, context } = await openReturn()
  await page.evaluate(() => localStorage.setItem('palmtax.language', JSON.stringify('en')))
  await page.goto(`${stage.web}/#/pages/home/index`)
  await page.reload()
  await page.locator('.card').first().waitFor()
  await page.waitForLoadState('networkidle')
  let crowded = '60'
  await page.route('**/api/filing/**', async (route) => {
    const answer = await route.fetch()
    return route.fulfill({
      response: answer,
      headers: { ...answer.headers(), ...(crowded && { 'x-crowded': crowded }) },
    })
  })
  await page.clock.install()
  const sent = wire(page)
  await page.reload()
  await resting(page).waitFor()
  assert.equal(sent.length, 0)
  assert.match(await resting(page).innerText(), /returns and payments go first/)
  await picture(page, 'waiting-resting-en')
  crowded = ''
  const calm = comesLater(page)
  await page.clock.fastForward('02:00')
  await calm
  await resting(page).waitFor({ state: 'detached' })
  assert.ok(sent.every((one) => one.headers().priority === 'u=6'))
  await context.close()
})

test('another hat in a rush: what the first one has is not shown under its name', needsMock, async () => {
  const { page, context } = await openReturn()
  await page.goto(`${stage.web}/#/pages/home/index`)
  await dueCard(page).waitFor()
  await page.getByText('我的办件').waitFor()
  await page.route('**/api/filing/home', async (route) => {
    const answer = await route.fetch()
    return route.fulfill({ response: answer, headers: { ...answer.headers(), 'x-crowded': '60' } })
  })
  await page.reload()
  await resting(page).waitFor()
  await page.getByText('我的办件').waitFor() // from the last visit
  const sent = wire(page)
  await page.getByText('切换', { exact: true }).click()
  await page.getByText('张小满').last().click()
  await page.getByText('我的办件').waitFor({ state: 'detached' })
  await resting(page).waitFor()
  assert.equal(sent.length, 0)
  await context.close()
})

test('without a restart it goes on by itself when the turn comes', needsMock, async () => {
  const { page, context } = await openReturn()
  const door = await doorBefore(page, '**/api/filing/returns')
  await page.getByRole('button', { name: '提交' }).click()
  await room(page).waitFor()
  door.isOpen = true
  await page.waitForURL(/payment\/pay|filing\/done/)
  assert.equal(asked('POST', /returns$/).length, 1)
  await context.close()
})

test('set aside it is a line at the top, and a tap brings it back; giving up keeps what was filled in', needsMock, async () => {
  const { page, context } = await openReturn({ preferences: { elder: true } })
  const door = await doorBefore(page, '**/api/filing/returns')
  await page.getByRole('button', { name: '提交' }).click()
  await room(page).waitFor()
  await picture(page, 'waiting-elder')
  await page.getByRole('button', { name: '先看看别的' }).last().click()
  const bar = page.locator('[data-waiting=aside]').last()
  await bar.waitFor()
  assert.match(await bar.innerText(), /前面 1,234 人/)
  for (let turn = 0; turn < 100 && !door.polls; turn += 1) await page.waitForTimeout(50)
  await picture(page, 'waiting-aside')
  await bar.click()
  await page.getByRole('button', { name: '不等了' }).last().click()
  await page.locator('[data-waiting]').first().waitFor({ state: 'detached' })
  assert.equal(asked('POST', /returns$/).length, 0)
  assert.ok(door.polls > 0)
  assert.ok(await page.evaluate(() => Object.keys(localStorage).some((key) => key.startsWith('palmtax.submission.'))))
  await context.close()
})

test('in English and in seconds: no screen of its own, a line that says it is nearly your turn', needsMock, async () => {
  const { page, context } = await openReturn()
  await page.evaluate(() => localStorage.setItem('palmtax.language', JSON.stringify('en')))
  await page.reload()
  await page.getByText('To pay now').first().waitFor()
  const door = await doorBefore(page, '**/api/filing/**')
  door.seconds = 5
  await page.reload()
  await page.getByText('It is nearly your turn').last().waitFor()
  assert.equal(await room(page).count(), 0)
  door.seconds = 8000
  await page.getByText('Your turn in about 2–3 hours').last().waitFor()
  await picture(page, 'waiting-en')
  await context.close()
})
