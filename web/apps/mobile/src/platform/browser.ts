/** What only a browser has to set up: the service worker, and keys for elements that only look like buttons. */
// #ifdef H5
import { getCurrentInstance, onMounted, watchEffect } from 'vue'
// #endif
import { routes } from '@/routes'
import { embedded } from './embedded'

/** Registers the offline shell and lets Enter and Space press whatever has the focus. Nothing in mini programs. */
export function startBrowser(): void {
  // #ifdef H5
  if (!embedded) startWhole()
  addEventListener('keydown', (event) => {
    const target = event.target as HTMLElement | null
    if (event.key !== 'Enter' && event.key !== ' ') return
    if (!target?.matches('[role=button], [role=link], [role=tab], [role=switch], [role=radio], [role=checkbox]')) return
    event.preventDefault()
    target.click()
  })
  // #endif
}

/** What belongs to the app as a whole, not to one screen of it inside another application. */
function startWhole(): void {
  // #ifdef H5
  if (import.meta.env.PROD && 'serviceWorker' in navigator) {
    addEventListener('load', () => void navigator.serviceWorker.register('./sw.js'))
  }
  takeCode()
  openTicket()
  addEventListener('hashchange', openTicket)
  // #endif
}

/** WeChat comes back to `/?code=…&state=…`, Alipay to `/?auth_code=…&state=…`: our entry takes them, and they leave the address. */
function takeCode(): void {
  // #ifdef H5
  const found = new URLSearchParams(location.search)
  if ((found.get('code') || found.get('auth_code')) && found.get('state')) history.replaceState(null, '', `${location.pathname}#${routes.enter}?${found}`)
  // #endif
}

/** The workbench's QR code, seen by the phone's own camera, opens `/#/sign-in-ticket?ticket_id=…`: our scan screen takes it. */
function openTicket(): void {
  // #ifdef H5
  const ticket = /^#\/sign-in-ticket\?ticket_id=([\w-]+)/.exec(location.hash)?.[1]
  if (ticket) location.replace(`#${routes.scan}?ticket=${ticket}`)
  // #endif
}

/** Leaves for another site, and this screen does not stay behind; in mini programs nothing leads outside. */
export function leaveFor(address: string): void {
  // #ifdef H5
  location.replace(address)
  // #endif
  void address
}

/** Shows the theme, the size and the language to the document itself, for its background and for screen readers. */
export function markDocument(theme: string, isElder: boolean, language: string): void {
  // #ifdef H5
  const root = document.documentElement
  if (theme === 'auto') delete root.dataset.theme
  else root.dataset.theme = theme
  root.dataset.elder = String(isElder)
  root.lang = language === 'en' ? 'en' : 'zh-CN'
  // #endif
}

/**
 * In the browser a field is a frame around the real one: the real one gets the name that screen readers say.
 * Called while the component that holds the field is set up.
 */
export function nameField(name: () => string): void {
  // #ifdef H5
  const holder = getCurrentInstance()
  onMounted(() => {
    const field = (holder?.proxy?.$el as HTMLElement | undefined)?.querySelector('input, textarea')
    watchEffect(() => field?.setAttribute('aria-label', name()))
  })
  // #endif
}

/** True where the page can look through a camera by itself. */
export function hasScanner(): boolean {
  // #ifdef MP-WEIXIN
  return true
  // #endif
  // #ifndef MP-WEIXIN
  return 'BarcodeDetector' in globalThis && !!navigator.mediaDevices
  // #endif
}
