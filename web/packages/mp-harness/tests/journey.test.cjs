/** The whole journey on the real mini-program build: home, return, explanation, submit, pay, done, certificate. */
const assert = require('node:assert/strict')
const path = require('node:path')
const { after, before, test } = require('node:test')
const { boot, prepare } = require('..')

const BUILD = path.resolve(__dirname, '../../../apps/mobile/dist/build/mp-weixin')
const COPY = path.resolve(__dirname, '../.build')
const MOCK = path.resolve(__dirname, '../../../tests/mobile/mock/server.mjs')

let api = process.env.PALMTAX_API
let mock = null
let mini
const phone = { isOnline: true, panel: 'ok' }

before(async () => {
  if (!api) {
    mock = await (await import(MOCK)).startMock()
    api = mock.address
  }
  mini = boot(prepare(BUILD, COPY), { api, isOnline: () => phone.isOnline, pay: () => phone.panel })
})
after(() => mock?.close())

const sent = (method, pattern) => mini.requests.filter((one) => one.method === method && pattern.test(one.url))

test('a stranger is welcomed and led to sign in', async () => {
  const home = await mini.open('/pages/home/index')
  assert.match(home.text(), /该办什么，该缴多少/)
  await home.tap('登录')
  const signIn = await mini.follow()
  assert.equal(signIn.route, 'pages/sign-in/index')
})

test('nobody gets in before the agreements are ticked; one tap in WeChat signs in', async () => {
  const signIn = await mini.open('/pages/sign-in/index')
  await signIn.tap('微信一键登录')
  assert.match(signIn.text(), /请先阅读并勾选/)
  assert.equal(sent('POST', /sessions\/wechat/).length, 0)
  await signIn.tap('我已阅读并同意')
  await signIn.tap('微信一键登录')
  const home = await mini.follow()
  assert.equal(home.route, 'pages/home/index')
  const [request] = sent('POST', /sessions\/wechat/)
  assert.equal(JSON.parse(request.body).device.channel, 'miniprogram')
  assert.equal(request.headers['X-Channel'], 'miniprogram')
  assert.ok(mini.store.get('palmtax.session'))
})

test('home names the one thing due, its price, the days left and why the day moved', async () => {
  const home = await mini.open('/pages/home/index')
  await home.until('去申报')
  assert.match(home.text(), /西湖区张记茶叶店/)
  assert.match(home.text(), /增值税及附加税费（小规模）/)
  assert.match(home.text(), /还有 5 天/)
  assert.match(home.text(), /10月26日（周一）截止/)
  assert.match(home.text(), /国庆节放假7天，顺延7个工作日/)
})

test('every field shows its origin; the invoices behind it are one tap away', async () => {
  const form = await mini.open('/filing/return/index?tax=vat_small_scale&period=2026Q3')
  await form.until('应缴税费')
  assert.match(form.text(), /发票 \d+ 张/)
  assert.match(form.text(), /按规则计算/)
  await form.tap('发票 7 张')
  const invoices = await mini.follow()
  assert.equal(invoices.route, 'invoices/list/index')
  await invoices.until('不含税合计')
  assert.match(sent('GET', /invoice\/invoices\?/).at(-1).url, /period=2026Q3&kind=special/)
})

test('the explanation is a receipt whose articles open', async () => {
  const form = await mini.open('/filing/return/index?tax=vat_small_scale&period=2026Q3')
  await form.until('为什么是这个数')
  await form.tap('为什么是这个数')
  const receipt = await mini.follow()
  assert.equal(receipt.route, 'filing/explanation/index')
  await receipt.until('一步一步算给您看')
  await receipt.tap('公告2026年第10号 三（三）6')
  assert.match(receipt.text(), /3% 的征收率减按 1%/)
  assert.match(receipt.text(), /出处/)
})

test('a correction made offline waits on the phone and goes out with the version that was seen', async () => {
  const form = await mini.open('/filing/return/index?tax=vat_small_scale&period=2026Q3')
  await form.until('应缴税费')
  phone.isOnline = false
  await form.tap(form.element('[data-code="sales_uninvoiced"] .pt-icon-pencil-line.i20') ?? form.all('.pt-icon-pencil-line').at(-1))
  await form.until('改为（元）')
  await form.type('[data-field="amount"]', '9,999.99')
  await form.type('[data-field="reason"]', '有收入没有开发票')
  await form.tap('保存更正')
  await form.until('改动存在这部手机里')
  const kept = [...mini.store.entries()].find(([key]) => key.startsWith('palmtax.corrections.'))
  assert.equal(JSON.parse(kept[1]).corrections[0].value_fen, 999_999)
  phone.isOnline = true
  await form.tap('现在发送')
  await form.until('已保存')
  const patch = sent('PATCH', /filing\/drafts/).at(-1)
  assert.deepEqual(JSON.parse(patch.body).corrections, [{ field: 'sales_uninvoiced', value_fen: 999_999, reason: '有收入没有开发票' }])
  assert.equal(typeof JSON.parse(patch.body).version, 'number')
  assert.ok(![...mini.store.keys()].some((key) => key.startsWith('palmtax.corrections.')))
})

test('submit, lost answer, again: the same key, one return; then pay, done, certificate', async () => {
  if (mock) mock.world.state.lose = 1
  const form = await mini.open('/filing/return/index?tax=vat_small_scale&period=2026Q3')
  await form.until('提交')
  await form.tap('提交')
  if (mock) {
    await form.until('上次提交没有收到回答')
    await form.tap('确认结果')
  }
  const pay = await mini.follow()
  assert.equal(pay.route, 'payment/pay/index')
  const keys = sent('POST', /filing\/returns$/).map((one) => one.headers['Idempotency-Key'])
  assert.equal(new Set(keys).size, 1)
  if (mock) assert.equal(mock.world.state.returns.length, 1)

  await pay.until('确认缴款')
  phone.panel = 'cancel'
  await pay.tap('微信支付')
  if (mock) mock.world.state.scenario = 'slow'
  await pay.tap('确认缴款')
  await pay.until('没有付款')
  phone.panel = 'ok'
  if (mock) mock.world.state.scenario = 'due'
  await pay.tap('确认缴款')
  const done = await mini.follow()
  assert.equal(done.route, 'filing/done/index')
  await done.until('缴好了')
  assert.match(done.text(), /申报编号 ?\d+/)
  assert.match(done.text(), /第四季度/)

  await done.tap('看完税证明')
  await mini.settle(200)
  assert.equal(mini.opened.length, 1)
  const pdf = sent('GET', /certificates\/.+\/pdf$/).at(-1)
  assert.match(pdf.headers.Authorization, /^Bearer /)
})

test('large print and English reach every page', async () => {
  const me = await mini.open('/pages/me/index')
  await me.until('长辈版')
  await me.tap('长辈版')
  await me.tap('English')
  await me.until('Large print')
  const home = await mini.open('/pages/home/index')
  await home.until('Nothing to do now')
  assert.ok(home.element('.elder'))
})
