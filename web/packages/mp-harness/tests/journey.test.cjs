/**
 * The whole journey on the real mini-program build: home, return, explanation, submit, pay, done, certificate.
 * On the mock, or with PALMTAX_API (and PALMTAX_SANDBOX, its sandboxes) on a running house: then the figures are the
 * town's and the levers of the mock (a lost answer, a slow bank) are left out.
 */
const assert = require('node:assert/strict')
const path = require('node:path')
const { after, before, test } = require('node:test')
const { boot, prepare } = require('..')

const BUILD = path.resolve(__dirname, '../../../apps/mobile/dist/build/mp-weixin')
const COPY = path.resolve(__dirname, '../.build')
const MOCK = path.resolve(__dirname, '../../../tests/mobile/mock/server.mjs')

let api = process.env.PALMTAX_API
const sandbox = process.env.PALMTAX_SANDBOX
/** Whose mini program it is on a running house: a business that has to pay. */
const person = process.env.PALMTAX_PERSON ?? '林小满'
let mock = null
let mini
const phone = { isOnline: true, panel: 'ok' }

before(async () => {
  if (!api) {
    mock = await (await import(MOCK)).startMock()
    api = mock.address
  }
  mini = boot(prepare(BUILD, COPY), { api, isOnline: () => phone.isOnline, login: sandbox && login, pay })
})
after(() => mock?.close())

const outside = (path, body) =>
  fetch(sandbox + path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }).then((answer) =>
    answer.json(),
  )
async function login() {
  return (await outside('/wechat/sandbox/wx-login', { person })).code
}

/** The payment panel: cancelled, or (on a running house) really paid in the sandbox, which checks the signature. */
async function pay({ timeStamp, nonceStr, package: prepay, signType, paySign }) {
  if (phone.panel !== 'ok' || !sandbox) return phone.panel
  const { errMsg } = await outside('/pay/sandbox/pay', { timeStamp, nonceStr, package: prepay, signType, paySign })
  return errMsg.split(':')[1]
}

/** An account that the house has not seen before also gives its phone number. */
async function allowPhone(signIn) {
  for (let turn = 0; turn < 100 && !mini.moves.length; turn += 1) {
    await mini.settle(30)
    if (!signIn.element('.native')) continue
    const { code } = await outside('/wechat/sandbox/phone-code', { person })
    return signIn.fire(signIn.element('.native'), 'getphonenumber', { code })
  }
}

/** The one thing due, as home says it: opens it. */
async function openReturn() {
  const home = await mini.open('/pages/home/index')
  await home.until(/去申报|继续申报/)
  await home.tap(home.withText('去申报') ? '去申报' : '继续申报')
  const form = await mini.follow()
  await form.until('应缴税费')
  return form
}

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
  if (sandbox) await allowPhone(signIn)
  const home = await mini.follow(8000)
  assert.equal(home.route, 'pages/home/index')
  const request = sent('POST', /sessions\/wechat/).at(-1)
  assert.equal(JSON.parse(request.body).device.channel, 'miniprogram')
  assert.equal(request.headers['X-Channel'], 'miniprogram')
  assert.ok(mini.store.get('palmtax.session'))
})

test('home names the one thing due, its price, the days left and why the day moved', async () => {
  const home = await mini.open('/pages/home/index')
  await home.until(/去申报|继续申报/)
  assert.match(home.text(), /增值税/)
  assert.match(home.text(), /预计应缴 ?¥[\d,]+\.\d\d/)
  if (sandbox) return
  assert.match(home.text(), /西湖区张记茶叶店/)
  assert.match(home.text(), /还有 5 天/)
  assert.match(home.text(), /10月26日（周一）截止/)
  assert.match(home.text(), /国庆节放假7天，顺延7个工作日/)
})

test('every field shows its origin; the invoices behind it are one tap away', async () => {
  const form = await openReturn()
  const [origin] = /发票 \d+ 张/.exec(form.text())
  assert.match(form.text(), /按(规则|税法)计算/)
  await form.tap(origin)
  const invoices = await mini.follow()
  assert.equal(invoices.route, 'invoices/list/index')
  await invoices.until('不含税合计')
  assert.match(invoices.text(), new RegExp(`${/\d+/.exec(origin)[0]} 张，不含税合计`))
  assert.match(sent('GET', /invoice\/invoices\?/).at(-1).url, /period=\d{4}Q\d/)
})

test('the explanation is a receipt whose articles open', async () => {
  const form = await openReturn()
  await form.tap('为什么是这个数')
  const receipt = await mini.follow()
  assert.equal(receipt.route, 'filing/explanation/index')
  await receipt.until('一步一步算给您看')
  const [article] = /公告2026年第10号 [^\s（]+(（三）6)?/.exec(receipt.text())
  await receipt.tap(article)
  assert.match(receipt.text(), /出处/)
})

test('a correction made offline waits on the phone and goes out with the version that was seen', async () => {
  const form = await openReturn()
  phone.isOnline = false
  await form.tap(form.all('.pt-icon-pencil-line').at(-1))
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
  const [correction, ...more] = JSON.parse(patch.body).corrections
  assert.deepEqual([correction.value_fen, correction.reason, more.length], [999_999, '有收入没有开发票', 0])
  assert.equal(typeof JSON.parse(patch.body).version, 'number')
  assert.ok(![...mini.store.keys()].some((key) => key.startsWith('palmtax.corrections.')))

  await form.tap(form.all('.pt-icon-pencil-line').at(-1))
  await form.until('恢复原来的数')
  await form.tap('恢复原来的数')
  for (let turn = 0; turn < 100 && sent('PATCH', /filing\/drafts/).at(-1) === patch; turn += 1) await mini.settle(30)
  assert.equal(JSON.parse(sent('PATCH', /filing\/drafts/).at(-1).body).corrections[0].value_fen, null)
  await mini.settle(300)
})

test('submit, lost answer, again: the same key, one return; then pay, done, certificate', async () => {
  if (mock) mock.world.state.lose = 1
  const form = await openReturn()
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
  await home.until(/Nothing to do now|File now/)
  assert.ok(home.element('.elder'))
})

test('the app complained about nothing', () => {
  assert.deepEqual(mini.complaints, [])
})
