/** A shop owner files and pays in two taps, in the browser. Runs on the mock, or on a real house (see stage.mjs). */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { house, openPhone, openStage, signIn } from './stage.mjs'

/** A business of the demo town that has to pay. */
const OWNER = process.env.PALMTAX_PHONE ?? (house ? '15400000001' : '13812345678')
let stage
let phone

before(async () => {
  stage = await openStage()
  phone = await openPhone(stage)
})
after(() => stage.close())

const amount = (text) => /¥\s*([\d,]+\.\d\d)/.exec(text.replace(/\s+/g, ''))?.[1]

test('sign in, two taps, pay, certificate', async () => {
  const { page, context } = phone
  await signIn(stage, page, OWNER)
  const onHome = amount(await page.locator('.due .amount').innerText())
  assert.ok(onHome, 'home shows what it will cost')

  await page.getByRole('button', { name: /^(去申报|继续申报)$/ }).click()
  await page.getByText('应缴税费').waitFor()
  assert.equal(amount(await page.locator('.result').innerText()), onHome)
  assert.ok((await page.getByText(/发票 \d+ 张/).count()) > 0, 'fields say where they come from')

  await page.getByRole('button', { name: '为什么是这个数' }).first().click()
  await page.getByText('一步一步算给您看').waitFor()
  await page
    .getByText(/增值税法 第.+条/)
    .first()
    .click()
  await page.getByText(/出处/).first().waitFor()
  await page.getByRole('button', { name: '关闭' }).click()
  await page.goBack()

  const dueNow = amount(await page.locator('.bar .sum').innerText())
  await page.getByRole('button', { name: '提交' }).click()
  await page.getByRole('button', { name: '确认缴款' }).waitFor()
  assert.equal(amount(await page.locator('.column .amount').innerText()), dueNow, 'what is paid is what was confirmed')

  await page.getByRole('button', { name: '确认缴款' }).click()
  if (house) {
    await page.getByText('立即支付').click()
    await page.waitForURL(/payment\/pay|filing\/done/, { timeout: 15_000 })
  } else {
    await page.waitForURL(/mock\/cashier/)
    const way = JSON.parse(await page.locator('body').innerText())
    await page.goto(way.back)
  }
  await page.getByText('缴好了').waitFor({ timeout: 20_000 })
  assert.match(await page.locator('.column').innerText(), /申报编号\s*\d+/)

  const isPaper = (answer) => /certificates\/.+\/pdf$/.test(answer.url())
  const [tab, pdf] = await Promise.all([
    context.waitForEvent('page'),
    context.waitForEvent('response', { predicate: isPaper }), // it may come before the new tab is there
    page.getByRole('button', { name: '看完税证明' }).click(),
  ])
  assert.equal(pdf.status(), 200)
  assert.match(pdf.headers()['content-type'], /application\/pdf/)
  await tab.close()
})

test('afterwards: the return is in the history, the certificate in the list', async () => {
  const { page } = phone
  await page.goto(`${stage.web}/#/pages/home/index`)
  await page
    .getByText(/现在没有要办的|去申报/)
    .first()
    .waitFor()
  await page.goto(`${stage.web}/#/filing/history/index`)
  await page.getByText('已缴清').first().waitFor()
  await page.goto(`${stage.web}/#/certificates/list/index`)
  await page.getByText('完税证明').nth(1).waitFor()
  assert.deepEqual(phone.complaints, [])
})
