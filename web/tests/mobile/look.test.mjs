/**
 * Every screen, in both languages, light, dark and large print, on a small phone, a phone and a wide screen: nothing runs
 * over the side, nothing complains, every word can be read (contrast), every target can be hit (size).
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { house, openPhone, openStage, sessionOf } from './stage.mjs'

const MIN_CONTRAST = 4.5
const ELDER_TEXT = 18
const TARGET = { ordinary: 44, elder: 60 }
const LONG_HAT = 1
/** Makes the quarter's amounts fill the widest figures there are. */
const BIG = 1_000_000

const SCREENS = {
  home: '/pages/home/index',
  signIn: '/pages/sign-in/index',
  enterAsAnother: '/pages/enter/index?to=%2Fpages%2Fhome%2Findex&as=999',
  messages: '/pages/messages/index',
  me: '/pages/me/index',
  return: '/filing/return/index?tax=vat_small_scale&period=2026Q3',
  history: '/filing/history/index',
  calendar: '/filing/calendar/index',
  invoices: '/invoices/list/index',
  import: '/invoices/import/index',
  hand: '/invoices/hand/index',
  certificates: '/certificates/list/index',
  authorisations: '/account/authorisations/index',
  grant: '/account/grant/index',
  devices: '/account/devices/index',
  notices: '/account/notices/index',
  scan: '/account/scan/index',
  realName: '/account/real-name/index',
  about: '/account/about/index',
  agreement: '/account/agreement/index',
  calculators: '/calculators/list/index',
  calculator: '/calculators/detail/index?law=iit_bonus',
  calculatorOfMonths: '/calculators/detail/index?law=iit_wage',
  calculatorThatAsks: '/calculators/detail/index?law=home_purchase',
  matters: '/matters/shelf/index?group=FPBL',
  matter: '/matters/detail/index?code=FPBL-002',
  matterOfOthers: '/matters/detail/index?code=FPBL-013',
  applications: '/matters/mine/index',
  affairs: '/matters/affairs/index',
  theme: '/matters/theme/index?code=open_shop',
  halls: '/appointments/offices/index',
  book: '/appointments/book/index?office=13301060000&topic=filing&name=%E5%8A%9E%E7%A8%8E%E5%8E%85',
  visits: '/appointments/mine/index',
  complaints: '/complaints/list/index',
  served: '/certificates/served/index',
  servedDocument: '/certificates/served/index?message=m-served',
  ask: '/consents/ask/index?request=r1',
  askLost: '/consents/ask/index?request=r2',
  consents: '/account/consents/index',
}
/** What opens on a screen by a tap: the screen, and what is tapped one after the other. */
const OPENED = {
  mailSheet: [SCREENS.notices, [/^(绑定邮箱|Bind an e-mail)/]],
  objection: [SCREENS.messages, [/减按|1% rate/]],
  complaint: [SCREENS.messages, [/减按|1% rate/, /^(投诉|Complain)/]],
  readings: [SCREENS.consents, [/^(谁看过什么|Who saw)/]],
  takingBack: [SCREENS.consents, [/^(收回授权|Take back)/]],
}

const VARIANTS = [
  {
    name: 'small phone, long name, huge amounts',
    width: 320,
    height: 640,
    scale: BIG,
    hat: LONG_HAT,
    preferences: { language: 'zh', theme: 'light', elder: false },
  },
  {
    name: 'small phone, large print, huge amounts',
    width: 320,
    height: 640,
    scale: BIG,
    hat: LONG_HAT,
    preferences: { language: 'zh', theme: 'light', elder: true },
  },
  { name: 'phone, dark, English', width: 390, height: 844, preferences: { language: 'en', theme: 'dark', elder: false } },
  { name: 'phone, large print, English, dark', width: 390, height: 844, preferences: { language: 'en', theme: 'dark', elder: true } },
  { name: 'wide screen, English', width: 1440, height: 900, preferences: { language: 'en', theme: 'light', elder: false } },
]

const post = (stage, path, body) =>
  fetch(stage.web + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Channel': 'h5', 'Idempotency-Key': 'look' },
    body: JSON.stringify(body),
  }).then((answer) => answer.json())

/** Sets the stage and files a return, so that the screens after it have something to show; gives all addresses. */
async function prepare(stage, { scale = 1, hat = 0 }) {
  await post(stage, '/mock/scenario', { scale })
  const session = await sessionOf(stage)
  session.me = await post(stage, '/api/identity/hat', { hat_id: session.me.hats[hat].hat_id })
  const draft = await post(stage, '/api/filing/drafts', {})
  return { session, draft, screens: { ...SCREENS, ...(await matterScreens(stage)), explanation: `/filing/explanation/index?draft_id=${draft.draft_id}` } }
}

/** Applications in every state, and each way of filling one in. */
async function matterScreens(stage) {
  const start = async (matter_code) => `/matters/fill/index?id=${(await post(stage, '/api/matters/applications', { matter_code })).application_id}`
  const read = async (group) => (await (await fetch(`${stage.web}/api/matters/applications?group=${group}`)).json()).applications
  const shown = Object.fromEntries([...(await read('open')), ...(await read('done'))].map((card) => [`application ${card.matter_code}`, `/matters/application/index?id=${card.application_id}`]))
  const back = (await read('open')).find((card) => card.state === 'supplement')
  await post(stage, '/api/appointments/bookings', { office_code: '13301060000', topic: 'filing', day: '2026-10-22', time: '09:00', is_flexible: true })
  return {
    ...shown,
    pageOfSections: await start('FPBL-002'),
    everyControl: await start('XXBG-020'),
    wizard: await start('FPBL-013'),
    wizardOfRows: `${await start('FPBL-013')}&at=lines`,
    papers: `${await start('FPBL-013')}&stage=papers`,
    review: `/matters/fill/index?id=${back.application_id}`,
  }
}

/** Everything that was asked for has come; a page that listens for news never falls silent. */
async function settled(page) {
  await page.waitForLoadState('networkidle', { timeout: 1500 }).catch(() => undefined)
  await page.waitForFunction(() => !document.querySelector('uni-page-body [aria-busy=true]:not(.result)'), undefined, { timeout: 4000 }).catch(() => undefined)
}

async function afterFiling(stage, draft) {
  const filed = await post(stage, '/api/filing/returns', {
    draft_id: draft.draft_id,
    version: draft.version,
    confirmed_due_now_fen: draft.result.due_now_fen,
  })
  return {
    pay: `/payment/pay/index?return_id=${filed.return_id}`,
    returnDetail: `/filing/detail/index?id=${filed.return_id}`,
    done: `/filing/done/index?return_id=${filed.return_id}`,
  }
}

/** Looks at every screen as one kind of person has it, on a stage of its own: what one has filed is not another's. */
async function lookAtAll(variant) {
  const stage = await openStage()
  try {
    const { session, draft, screens } = await prepare(stage, variant)
    const { page, complaints } = await openPhone(stage, { ...variant, preferences: { ...variant.preferences, session } })
    const faults = []
    const seen = new Set()
    const look = async (name, address, taps = []) => {
      const [path] = address.split('?')
      // By the hash alone the same page would stay as it is: it is loaded anew.
      await page.goto(`${stage.web}/${seen.has(path) ? `?${encodeURIComponent(name)}` : ''}#${address}`)
      seen.add(path)
      await settled(page)
      for (const words of taps) await page.getByText(words).first().click()
      await page.waitForTimeout(150)
      const found = await page.evaluate(inspect, {
        minContrast: MIN_CONTRAST,
        target: variant.preferences.elder ? TARGET.elder : TARGET.ordinary,
        minText: variant.preferences.elder ? ELDER_TEXT : 13,
      })
      faults.push(...found.map((fault) => `${name}: ${fault}`))
    }
    for (const [name, address] of Object.entries(screens)) await look(name, address)
    for (const [name, [address, taps]] of Object.entries(OPENED)) await look(name, address, taps)
    for (const [name, address] of Object.entries(await afterFiling(stage, draft))) await look(name, address)
    assert.deepEqual([...faults, ...complaints], [])
  } finally {
    await stage.close()
  }
}

/** Three at once: most of the time a page is waited for. */
describe('every screen', { concurrency: 3 }, () => {
  for (const variant of VARIANTS) test(variant.name, house ? { skip: 'needs the mock’s levers' } : {}, () => lookAtAll(variant))
})

/** Runs in the page: what is wrong with what is drawn now. */
function inspect({ minContrast, target, minText }) {
  const faults = []
  const over = document.documentElement.scrollWidth - innerWidth
  if (over > 0) faults.push(`runs ${over} px over the side`)
  const isSeen = (element) => element.getClientRects().length > 0 && getComputedStyle(element).visibility !== 'hidden'
  const channels = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number)
  const luminance = ([red, green, blue]) => {
    const [r, g, b] = [red, green, blue].map((value) =>
      value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
    )
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = channels(getComputedStyle(one).backgroundColor)
      if ((colour[3] ?? 1) > 0.95) return colour
    }
    return [255, 255, 255]
  }
  const words = document.createTreeWalker(document.querySelector('uni-page-body') ?? document.body, NodeFilter.SHOW_TEXT)
  while (words.nextNode()) {
    const text = words.currentNode.textContent.trim()
    const element = words.currentNode.parentElement
    if (!text || !isSeen(element) || element.closest('.past, [aria-disabled=true], .cents, .yen')) continue
    const style = getComputedStyle(element)
    const [light, dark] = [luminance(channels(style.color)), luminance(ground(element))].sort((one, other) => other - one)
    const contrast = (light + 0.05) / (dark + 0.05)
    if (contrast < minContrast) faults.push(`“${text.slice(0, 20)}” has contrast ${contrast.toFixed(2)}`)
    if (parseFloat(style.fontSize) < minText) faults.push(`“${text.slice(0, 20)}” is ${style.fontSize}`)
  }
  for (const element of document.querySelectorAll('[role=button], [role=tab], [role=switch], [role=radio], [role=checkbox]')) {
    if (!isSeen(element) || element.closest('.rail-only')) continue
    const { height } = element.getBoundingClientRect()
    if (height < target - 0.5)
      faults.push(`“${element.textContent.trim().slice(0, 20) || element.getAttribute('aria-label')}” is ${Math.round(height)} px high`)
    if (!(element.textContent.trim() || element.getAttribute('aria-label'))) faults.push('a button without a name')
  }
  return [...new Set(faults)]
}
