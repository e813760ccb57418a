/** What a mini program asks of WeChat: storage, navigation, requests, sign-in, payment. Everything is recorded. */
const { SCREEN_WIDTH } = require('./prepare.cjs')

const HEIGHT = 844
const STATUS_BAR = 44
const screen = {
  windowWidth: SCREEN_WIDTH,
  windowHeight: HEIGHT,
  screenWidth: SCREEN_WIDTH,
  screenHeight: HEIGHT,
  pixelRatio: 2,
  statusBarHeight: STATUS_BAR,
  safeArea: { top: STATUS_BAR, bottom: 810, left: 0, right: SCREEN_WIDTH, width: SCREEN_WIDTH, height: 766 },
}
const device = { platform: 'ios', model: 'iPhone 15', brand: 'apple', system: 'iOS 17.0' }
const base = { SDKVersion: '3.9.0', version: '8.0.50', language: 'zh_CN', theme: 'light' }

/**
 * The pretended WeChat.
 * `api`: origin that answers requests; `store`: a Map that outlives pages; `login()`: gives the code of wx.login;
 * `pay(parameters)`: what the payment panel does, "ok" or why not;
 * `isOnline()`: whether requests arrive at all; `chosen()`: the content of the file a person chooses.
 */
function makeWeChat({ api, store = new Map(), login = async () => `login-${Date.now()}`, pay = () => 'ok', isOnline = () => true, chosen = () => Buffer.alloc(0) } = {}) {
  const moves = []
  const requests = []
  const opened = []
  const parts = [system(), storage(store), navigation(moves), network({ api, requests, isOnline }), account(login, pay, opened), files(chosen)]
  return { wx: Object.assign({}, ...parts), moves, requests, opened, store }
}

function system() {
  const nothing = () => undefined
  return {
    getSystemInfoSync: () => ({ ...screen, ...device, ...base }),
    getWindowInfo: () => screen,
    getDeviceInfo: () => device,
    getAppBaseInfo: () => base,
    getLaunchOptionsSync: () => ({ path: '', query: {} }),
    getEnterOptionsSync: () => ({ path: '', query: {} }),
    getMenuButtonBoundingClientRect: () => ({ top: 48, bottom: 80, height: 32, width: 87, left: 295, right: 382 }),
    getAccountInfoSync: () => ({ miniProgram: { envVersion: 'develop', appId: 'wxtest' } }),
    getNetworkType: ({ success }) => success?.({ networkType: 'wifi' }),
    onNetworkStatusChange: nothing,
    onAppShow: nothing,
    onAppHide: nothing,
    onError: nothing,
    onThemeChange: nothing,
    onWindowResize: nothing,
    stopPullDownRefresh: nothing,
    pageScrollTo: nothing,
    setClipboardData: ({ success }) => success?.({}),
  }
}

function storage(store) {
  return {
    getStorageSync: (key) => store.get(key) ?? '',
    setStorageSync: (key, value) => void store.set(key, value),
    removeStorageSync: (key) => void store.delete(key),
    getStorageInfoSync: () => ({ keys: [...store.keys()], currentSize: 0, limitSize: 10240 }),
  }
}

function navigation(moves) {
  const move =
    (how) =>
    (options = {}) => {
      moves.push({ how, url: options.url ?? '' })
      options.success?.({})
      options.complete?.({})
    }
  return Object.fromEntries(['navigateTo', 'redirectTo', 'reLaunch', 'switchTab', 'navigateBack'].map((how) => [how, move(how)]))
}

function network({ api, requests, isOnline }) {
  async function ask(options) {
    if (!isOnline()) throw new Error('request:fail')
    const answer = await fetch(new URL(options.url.replace(/^https?:\/\/[^/]+/, ''), api), {
      method: options.method ?? 'GET',
      headers: options.header,
      body: options.data === undefined || options.method === 'GET' ? undefined : options.data,
    })
    return { statusCode: answer.status, header: Object.fromEntries(answer.headers), cookies: [], data: await answer.text() }
  }

  function request(options) {
    requests.push({ method: options.method ?? 'GET', url: options.url, body: options.data, headers: options.header })
    ask(options).then(
      (answer) => (options.success?.(answer), options.complete?.(answer)),
      (failure) => (options.fail?.({ errMsg: String(failure.message) }), options.complete?.({})),
    )
    return { abort() {}, onHeadersReceived() {}, offHeadersReceived() {} }
  }

  function downloadFile(options) {
    requests.push({ method: 'GET', url: options.url, headers: options.header })
    ask(options).then(
      (answer) => options.success?.({ statusCode: answer.statusCode, tempFilePath: 'wxfile://certificate.pdf', text: answer.data }),
      (failure) => options.fail?.({ errMsg: String(failure.message) }),
    )
    return { abort() {} }
  }

  return { request, downloadFile }
}

/** Files: one is chosen, read in pieces, never made smaller. */
function files(chosen) {
  const path = 'wxfile://scan.pdf'
  const pick = ({ success }) => success?.({ tempFiles: [{ path, name: 'scan.pdf', size: chosen().length }] })
  const piece = ({ position = 0, length, success }) => {
    const bytes = chosen().subarray(position, length === undefined ? undefined : position + length)
    success?.({ data: new Uint8Array(bytes).buffer })
  }
  return {
    chooseMessageFile: pick,
    chooseImage: pick,
    compressImage: ({ src, success }) => success?.({ tempFilePath: src }),
    getFileSystemManager: () => ({ readFile: piece, statSync: () => ({ size: chosen().length }) }),
  }
}

function account(login, pay, opened) {
  return {
    login: ({ success, fail }) =>
      void login().then(
        (code) => success?.({ code }),
        (failure) => fail?.({ errMsg: String(failure) }),
      ),
    requestPayment: (parameters) => {
      Promise.resolve(pay(parameters)).then((outcome) =>
        outcome === 'ok'
          ? parameters.success?.({ errMsg: 'requestPayment:ok' })
          : parameters.fail?.({ errMsg: `requestPayment:fail ${outcome}` }),
      )
    },
    openDocument: (options) => (opened.push(options.filePath), options.success?.({})),
    showToast: ({ success }) => success?.({}),
  }
}

module.exports = { makeWeChat }
