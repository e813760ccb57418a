/** Passing a screen on: its full address in the browser, WeChat's own card in the mini program. */
import { addressOf } from './navigate'
import type { RouteName } from '@/routes'

/** The address that opens a screen from outside: with our origin in the browser, the path of the page in WeChat. */
export function outsideAddress(name: RouteName, values: Record<string, string>): string {
  const address = addressOf(name, values)
  // #ifdef H5
  return `${location.origin}${location.pathname}#${address}`
  // #endif
  // #ifndef H5
  return address
  // #endif
}

/** Puts a text where the person can paste it from. */
export function copyText(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    uni.setClipboardData({ data: text, showToast: false, success: () => resolve(), fail: () => reject(new Error('no clipboard')) })
  })
}
