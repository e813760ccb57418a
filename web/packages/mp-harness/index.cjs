/**
 * Runs a real mp-weixin build in Node: its WXML compiled by WeChat's own compiler, drawn by WeChat's own component
 * runtime on jsdom, its wx.request answered by a real HTTP server. It does not replace a look at a phone.
 */
const path = require('node:path')
const { JSDOM } = require('jsdom')
const { prepare } = require('./prepare.cjs')
const { makeWeChat } = require('./wechat.cjs')

const FROM_WINDOW = [
  'document',
  'HTMLElement',
  'Element',
  'Node',
  'Event',
  'CustomEvent',
  'MutationObserver',
  'Text',
  'DocumentFragment',
  'Comment',
  'TouchEvent',
]
const BOUND = ['getComputedStyle', 'requestAnimationFrame', 'cancelAnimationFrame']
let simulate = null

/** The simulator wants a window before it is loaded, and styles as they are. */
function loadSimulator() {
  if (simulate) return simulate
  const { window } = new JSDOM('<!doctype html><html><body></body></html>', { url: 'https://mini.test/', pretendToBeVisual: true })
  global.window = window
  for (const name of FROM_WINDOW) global[name] = window[name]
  for (const name of BOUND) global[name] = window[name].bind(window)
  simulate = require('miniprogram-simulate')
  require('miniprogram-simulate/src/wxss').compile = (style) => style
  const makeComponent = global.Component
  global.Component = (definition) => makeComponent({ ...definition, options: { ...definition.options, classPrefix: '' } })
  global.Page = (definition) => global.Component({ ...definition, methods: methodsOf(definition) })
  global.requirePlugin = () => ({})
  global.__wxConfig = {}
  return simulate
}

function methodsOf(definition) {
  return Object.fromEntries(Object.entries(definition).filter(([, value]) => typeof value === 'function'))
}

/** Starts the app of a prepared build. `options`: see makeWeChat. */
function boot(build, options = {}) {
  const simulator = loadSimulator()
  const { makePage, settle } = require('./page.cjs')
  const weChat = makeWeChat(options)
  const complaints = listen()
  Object.assign(global.wx, weChat.wx)
  let app
  const stack = []
  global.App = (definition) => {
    app = definition
  }
  global.getApp = () => app
  global.getCurrentPages = () => stack
  require(path.join(build, 'app.js'))
  app?.onLaunch?.call(app, { path: '', query: {} })
  app?.onShow?.call(app, {})

  /** Opens an address, "/filing/return/index?period=2026Q3", as the page on top. */
  async function open(address, { keeps = false } = {}) {
    const [route, search = ''] = address.replace(/^\//, '').split('?')
    const query = Object.fromEntries(new URLSearchParams(search))
    const id = simulator.load(path.join(build, route), { rootPath: build, compiler: 'official', prefix: '' })
    const component = simulator.render(id)
    const host = document.createElement('div')
    document.body.replaceChildren(host)
    component.attach(host)
    const instance = component.instance
    Object.assign(instance, { route, options: rawQuery(search) })
    if (!keeps) for (const left of stack.splice(0)) left.onUnload?.()
    stack.push(instance)
    instance.onLoad?.(rawQuery(search))
    instance.onShow?.()
    instance.onReady?.()
    await settle()
    return makePage({ component, host, route, query })
  }

  /** Goes where the app wanted to go last. */
  async function follow(patience = 4000) {
    const end = Date.now() + patience
    while (!weChat.moves.length) {
      if (Date.now() > end) throw new Error('The app did not want to go anywhere')
      await settle(20)
    }
    const move = weChat.moves[weChat.moves.length - 1]
    weChat.moves.length = 0
    return open(move.url, { keeps: move.how === 'navigateTo' })
  }

  return { open, follow, settle, ...weChat, app, complaints }
}

/** The app's complaints: what it throws is caught by Vue and printed, so the print is listened to. */
function listen() {
  const complaints = []
  const print = console.error
  console.error = (...words) => {
    complaints.push(
      words
        .map((word) => word?.stack?.split('\n').slice(0, 3).join(' ') ?? String(word))
        .join(' ')
        .slice(0, 400),
    )
    print(complaints[complaints.length - 1])
  }
  return complaints
}

/** WeChat hands the query over still encoded. */
function rawQuery(search) {
  return Object.fromEntries(
    search
      .split('&')
      .filter(Boolean)
      .map((pair) => pair.split('=')),
  )
}

module.exports = { boot, prepare }
