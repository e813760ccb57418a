/**
 * The stage of the browser tests: the H5 build, a browser, and an API behind it.
 * Without settings it is our mock. PALMTAX_WEB names a running house (H5 and API at one address), PALMTAX_SANDBOX its
 * sandboxes (SMS inbox, cashier); then the tests that need the mock's levers are skipped, and say so.
 */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { startMock } from './mock/server.mjs'

const here = dirname(fileURLToPath(import.meta.url))
export const BUILD = join(here, '../../apps/mobile/dist/build/h5')
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The house under test, or null for the mock. */
export const house = process.env.PALMTAX_WEB
  ? { web: process.env.PALMTAX_WEB.replace(/\/$/, ''), sandbox: process.env.PALMTAX_SANDBOX ?? '' }
  : null
const MOCK_CODE = '246810'
const CHECKBOX = { position: { x: 12, y: 24 } }

/** Starts everything; `close` ends it. */
export async function openStage() {
  const executablePath = process.env.CHROMIUM ?? BROWSERS.find((path) => existsSync(path))
  if (!executablePath) throw new Error('No Chromium found; install Debian’s chromium or set CHROMIUM.')
  if (!house && !existsSync(join(BUILD, 'index.html'))) throw new Error('No H5 build. Run: npm run build:h5 --prefix apps/mobile')
  const mock = house ? null : await startMock({ web: BUILD })
  const browser = await chromium.launch({ executablePath, args: FLAGS })
  const web = house?.web ?? mock.address
  return { web, mock, browser, close: () => Promise.all([browser.close(), mock?.close()]) }
}

/** A phone: a fresh browser context with its own storage. Complaints of the page are collected in `complaints`. */
export async function openPhone(stage, { width = 390, height = 844, preferences = {}, serviceWorkers = 'block', ...more } = {}) {
  const context = await stage.browser.newContext({ viewport: { width, height }, serviceWorkers, ...more })
  const kept = Object.entries(preferences).map(([name, value]) => [`palmtax.${name}`, JSON.stringify(value)])
  await context.addInitScript((entries) => entries.forEach(([name, value]) => localStorage.setItem(name, value)), kept)
  const page = await context.newPage()
  const complaints = []
  page.on('pageerror', (failure) => complaints.push(String(failure)))
  page.on('console', (line) => line.type() === 'error' && !/status of 4\d\d/.test(line.text()) && complaints.push(line.text()))
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    const ours = [stage.web, house?.sandbox].filter(Boolean).map((address) => new URL(address).origin)
    if (/^http/.test(protocol) && !ours.includes(origin)) complaints.push(`asks an outsider: ${request.url()}`)
  })
  return { context, page, complaints }
}

/** Signs in by phone and code, as a person does. */
export async function signIn(stage, page, number = '13812345678') {
  await page.goto(`${stage.web}/#/pages/sign-in/index`)
  await page.locator('[data-field=phone] input').fill(number)
  const asked = Date.now()
  await page.getByText('获取验证码').click()
  await page.getByText('验证码已发出').waitFor()
  await page.locator('[data-field=code] input').fill(house ? await codeFor(number, asked) : MOCK_CODE)
  await page.getByRole('checkbox').click(CHECKBOX)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.getByText('常办的事').waitFor()
}

/** The code in the sandbox's inbox, once it has come. */
async function codeFor(number, since) {
  for (let turn = 0; turn < 40; turn += 1) {
    const answer = await fetch(`${house.sandbox}/sms/sandbox/inbox?phone=${number}&limit=1`)
    const [message] = (await answer.json()).messages
    const found = message && Date.parse(message.sent_at) > since - 5000 && /\d{6}/.exec(message.text)
    if (found) return found[0]
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
  throw new Error(`No message came to ${number}`)
}

/** A session put straight into the phone's storage (mock only), to look at screens without signing in each time. */
export async function sessionOf(stage) {
  const answer = await fetch(`${stage.web}/api/identity/sessions/sms`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ code: MOCK_CODE }),
  })
  return answer.json()
}
