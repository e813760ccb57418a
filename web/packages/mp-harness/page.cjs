/** A page on the pretended phone: read it, find things in it, tap them, type into them. */
const exparser = require('miniprogram-exparser')

const SETTLE_MS = 30

/** Waits for promises and timers of the page. */
const settle = (ms = SETTLE_MS) => new Promise((resolve) => setTimeout(resolve, ms))

/** The inner node of the component runtime that draws a DOM element. */
function nodeOf(root, element) {
  const waiting = [root]
  while (waiting.length) {
    const node = waiting.pop()
    if (!node) continue
    if (node.$$ === element) return node
    if (node.shadowRoot) waiting.push(node.shadowRoot)
    waiting.push(...(node.childNodes ?? []))
  }
  return null
}

/** Wraps a rendered page. `component` is what the simulator gave, `host` the element it stands in. */
function makePage({ component, host, route, query }) {
  const all = (selector) => [...host.querySelectorAll(selector)]
  const text = () => host.textContent.replace(/\s+/g, ' ').trim()

  /** The innermost element that holds the words. */
  function withText(words) {
    const found = all('*').filter((element) => element.textContent.includes(words))
    return found[found.length - 1] ?? null
  }

  async function fire(element, name, detail = {}) {
    if (!element) throw new Error(`Nothing to ${name} on ${route}. It says: ${text().slice(0, 400)}`)
    const node = nodeOf(component._exparserNode, element)
    if (!node) throw new Error(`No component node behind the element on ${route}`)
    const event = exparser.Event.create(name, detail, {
      originalEvent: null,
      bubbles: true,
      capturePhase: true,
      composed: true,
      extraFields: { touches: [{}], changedTouches: [{}] },
    })
    exparser.Event.dispatchEvent(node, event)
    await settle()
  }

  const tap = (target) => fire(typeof target === 'string' ? withText(target) : target, 'tap', { x: 0, y: 0 })
  const type = (selector, value) => fire(host.querySelector(selector), 'input', { value })

  /** Waits until the page says so; the words of the page are in the error when it never does. */
  async function until(words, patience = 4000) {
    const end = Date.now() + patience
    const says = () => (words instanceof RegExp ? words.test(text()) : text().includes(words))
    while (!says()) {
      if (Date.now() > end) throw new Error(`${route} never said ${words}. It says: ${text().slice(0, 600)}`)
      await settle(20)
    }
  }

  return { component, host, route, query, all, text, withText, fire, tap, type, until, element: (selector) => host.querySelector(selector) }
}

module.exports = { makePage, settle }
