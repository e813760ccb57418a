/**
 * The sub-packages of matters and appointments in the real mini-program build, on the mock: a matter is found, filled in one
 * by one and on one page, interrupted, submitted once; papers in pieces; supplement; theme; booking; messages.
 */
const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, test } = require('node:test')
const { boot, prepare } = require('..')

const BUILD = path.resolve(__dirname, '../../../apps/mobile/dist/build/mp-weixin')
const MOCK = path.resolve(__dirname, '../../../tests/mobile/mock/server.mjs')
/** A copy of our own: other tests prepare theirs at the same time. */
const COPY = fs.mkdtempSync(path.join(os.tmpdir(), 'palmtax-mini-'))
const phone = { isOnline: true, file: Buffer.alloc(150_000, 7) }
let mock
let mini

before(async () => {
  mock = await (await import(MOCK)).startMock()
  mini = boot(prepare(BUILD, COPY), { api: mock.address, isOnline: () => phone.isOnline, chosen: () => phone.file })
  const session = await ask('POST', '/api/identity/sessions/sms', { code: '246810' })
  mini.store.set('palmtax.session', JSON.stringify(session))
  // The session was read when the app began: signing in through the screens is the journey's test.
  const signIn = await mini.open('/pages/sign-in/index')
  await signIn.tap('我已阅读并同意')
  await signIn.tap('微信一键登录')
  await mini.follow(8000)
})
after(() => {
  mock.close()
  fs.rmSync(COPY, { recursive: true, force: true })
})

const ask = (method, url, body) =>
  fetch(mock.address + url, { method, headers: { 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) }).then((answer) =>
    answer.json(),
  )
const sent = (method, pattern) => mini.requests.filter((one) => one.method === method && pattern.test(one.url))
const application = (id) => ask('GET', `/api/matters/applications/${id}`)
const begin = async (code) => (await ask('POST', '/api/matters/applications', { matter_code: code, fresh: true })).application_id
const valuesOf = async (id) =>
  Object.fromEntries((await application(id)).sections.flatMap((section) => section.asks).map((one) => [one.code, one.value]))
async function become(id, code, value) {
  for (let turn = 0; turn < 150 && (await valuesOf(id))[code] !== value; turn += 1) await mini.settle(30)
  assert.deepEqual((await valuesOf(id))[code], value)
}

test('from the tab by search to a matter, and its draft', async () => {
  const home = await mini.open('/pages/home/index')
  await home.until('我的办件')
  await home.tap('办事')
  const shelf = await mini.follow()
  assert.equal(shelf.route, 'matters/shelf/index')
  await shelf.until('我要开店')
  await shelf.type('[data-field=search]', '额度')
  await shelf.until('找到 2 项')
  await shelf.tap(shelf.all('.hit').find((hit) => /调整申请/.test(hit.textContent)))
  const matter = await mini.follow()
  await matter.until('我们已有，不用再交')
  assert.match(matter.text(), /1 个工作日内办好/)
  await matter.tap('开始办理')
  assert.equal((await mini.follow()).route, 'matters/fill/index')
})

test('the catalogue is kept: the second visit asks only whether it changed', async () => {
  const shelf = await mini.open('/matters/shelf/index')
  await shelf.until('发票办理')
  await mini.settle(200)
  assert.equal(sent('GET', /matters\/catalogue$/).at(-1).headers['If-None-Match'], '"mock-1"')
  await shelf.tap('发票办理')
  await shelf.until('看看本月还能开多少发票')
})

test('one question at a time, with a table of rows, papers in pieces and a statement, to the end', async () => {
  const id = await begin('FPBL-013')
  const fill = await mini.open(`/matters/fill/index?id=${id}`)
  await fill.until('发票开给谁')
  await fill.tap('继续')
  await fill.until('请填写这一项')
  await fill.type('[data-field=buyer]', '知味观')
  await fill.tap('继续')
  await fill.until('做的是什么')
  await fill.tap('劳务报酬')
  await fill.tap('继续')
  await fill.until('开票内容')
  await fill.tap('添加一条')
  await fill.type('[data-field=name]', '翻译')
  await fill.type('[data-field=amount]', '1,280.50')
  await fill.tap(fill.all('.button').find((one) => one.textContent.trim() === '完成'))
  await fill.until('¥1,280.50')
  await fill.tap('继续')
  await fill.until('交材料')
  await fill.tap('添加')
  await fill.tap('选文件')
  await fill.until('146 KB')
  const pieces = sent('PUT', /uploads\/.+\/bytes/)
  assert.deepEqual(pieces.map((one) => one.body.byteLength), [65_536, 65_536, 18_928])
  await fill.tap('去核对')
  await fill.until('看一遍，再提交')
  await fill.tap('我确认以上内容真实')
  await become(id, 'confirms', true)
  await fill.tap(fill.all('.button').find((one) => one.textContent.trim() === '提交'))
  const done = await mini.follow()
  assert.equal(done.route, 'matters/application/index')
  await done.until('办好了')
  assert.deepEqual((await valuesOf(id)).lines, [{ name: '翻译', amount: 128_050 }])
  await done.tap(done.all('.star')[4])
  await done.tap('提交评价')
  await done.until('5 星已记下')
})

test('answers given in a tunnel wait on the phone and go out together', async () => {
  const id = await begin('XXBG-009')
  const fill = await mini.open(`/matters/fill/index?id=${id}`)
  await fill.until('开户银行')
  phone.isOnline = false
  await fill.type('[data-field=bank]', '工商银行')
  await fill.type('[data-field=account_no]', '6222 0200 0000 0000 001')
  await fill.until('存在这部手机里')
  assert.ok([...mini.store.keys()].some((key) => key === `palmtax.answers.${id}`))
  phone.isOnline = true
  const again = await mini.open(`/matters/fill/index?id=${id}`)
  await again.until('已自动保存')
  assert.equal((await valuesOf(id)).account_no, '6222020000000000001')
  assert.ok(![...mini.store.keys()].includes(`palmtax.answers.${id}`))
})

test('every type of question is drawn; large amounts and comparisons are told', async () => {
  const page = await mini.open(`/matters/fill/index?id=${await begin('XXBG-020')}`)
  await page.until('车架号')
  for (const words of ['座位数', '营运比例', '从哪一期开始', '用来做什么', '每月相同', '停放在哪里', '在哪个办税厅']) assert.ok(page.text().includes(words), words)
  const quota = await mini.open(`/matters/fill/index?id=${await begin('FPBL-002')}`)
  await quota.until('申请的月度总额度')
  await quota.type('[data-field=requested_quota]', '10万')
  await quota.until('申请额度应高于现有额度')
})

test('a supplement, its way to the question, and the answer', async () => {
  const mine = await mini.open('/matters/mine/index')
  await mine.until('误收多缴退抵税')
  await mine.tap('误收多缴退抵税')
  const one = await mini.follow()
  await one.until('请改为对公账号')
  await one.tap('退到哪个账号')
  const fill = await mini.follow()
  await fill.until('退到哪个账号')
  await fill.type('[data-field=account_no]', '6222020000000000999')
  await fill.tap(fill.all('.button').find((button) => button.textContent.trim() === '完成'))
  await fill.until('再次提交')
  await fill.tap('再次提交')
  const again = await mini.follow()
  await again.until('已经收到')
})

test('a theme: shared questions once, then its steps', async () => {
  const theme = await mini.open('/matters/theme/index?code=open_shop')
  await theme.until('在“存款账户账号报告”之后')
  await theme.tap('开始一起办')
  await theme.until('用哪家银行')
  await theme.type('[data-field=bank]', '工商银行')
  await theme.tap('继续')
  await theme.until('账号是多少')
  await theme.type('[data-field=account_no]', '6222020000000000001')
  await theme.tap('继续')
  await theme.until('全部提交')
  await theme.tap('全部提交')
  await theme.until('办好 1 项，共 3 项')
})

test('a booking, and the messages', async () => {
  const halls = await mini.open('/appointments/offices/index')
  await halls.until('申报纳税')
  await halls.tap('申报纳税')
  await halls.until('等得最少')
  await halls.tap('约时间')
  const book = await mini.follow()
  await book.until('10:30')
  await book.tap('10:30')
  await book.tap('确认预约')
  const visits = await mini.follow()
  await visits.until('已约好')
  const messages = await mini.open('/pages/messages/index')
  await messages.until('请补正退税申请')
  await messages.tap('请补正退税申请')
  assert.equal((await mini.follow()).route, 'matters/application/index')
})

test('my affairs: every section in one place', async () => {
  const affairs = await mini.open('/matters/affairs/index')
  await affairs.until('还有 1 项待缴，共 ¥3,971.71。')
  await affairs.until('没有违法记录。')
  await affairs.until('最近一次：2025 年度 B 级。')
})

test('the app complained about nothing', () => {
  assert.deepEqual(mini.complaints, [])
})
