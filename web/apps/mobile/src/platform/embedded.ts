/** Our page inside a partner's page or app: how it was opened, and the three words its surroundings are told. Browsers only. */

export interface Opening {
  /** Names this visit in what is kept, so that two frames of one page stay apart. */
  visit: string
  app: string
  /** Opens the screen, once; empty after a reload. */
  ticket: string
}

/** How this page was opened inside another application; null when it is the app itself. */
export const embedded: Opening | null = opening()

function opening(): Opening | null {
  // #ifdef H5
  if (!location.pathname.endsWith('/embed')) return null
  const asked = new URLSearchParams(location.search)
  const ticket = /^#(pte_[\w-]+)$/.exec(location.hash)?.[1] ?? ''
  if (ticket) history.replaceState(null, '', `${location.pathname}${location.search}#/consents/embed/index`)
  return { visit: asked.get('visit') ?? '', app: asked.get('app') ?? '', ticket }
  // #endif
  // #ifndef H5
  return null
  // #endif
}

/** Tells the page around ours, when it is one of these origins. Nothing in a web view, where there is none. */
export function tellAround(origins: string[], word: 'height' | 'done' | 'closed', more: Record<string, unknown> = {}): void {
  // #ifdef H5
  if (window.parent === window) return
  const around = location.ancestorOrigins?.[0]
  const meant = around ? origins.filter((one) => one === around) : origins
  for (const origin of meant) window.parent.postMessage({ palmtax: word, ...more }, origin)
  // #endif
  void [origins, word, more]
}

/** Says how high the page is whenever what it shows changes. */
export function watchHeight(told: (height: number) => void): void {
  // #ifdef H5
  const measure = (): void => told(Math.ceil(document.documentElement.scrollHeight))
  let frame = 0
  new MutationObserver(() => {
    cancelAnimationFrame(frame)
    frame = requestAnimationFrame(measure)
  }).observe(document.body, { childList: true, subtree: true, characterData: true })
  // #endif
  void told
}
