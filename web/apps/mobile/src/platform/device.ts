/** The phone itself: its name for the device list, the room the system takes at the top. */

/** A name the owner will recognise. */
export function deviceName(): string {
  // #ifdef H5
  const agent = navigator.userAgent
  const system = /iPhone|iPad/.exec(agent)?.[0] ?? /Android|Windows|Macintosh|Linux/.exec(agent)?.[0] ?? ''
  const browser = /MicroMessenger|AlipayClient|Edg|Firefox|Chrome|Safari/.exec(agent)?.[0] ?? ''
  const known: Record<string, string> = { MicroMessenger: '微信', AlipayClient: '支付宝', Edg: 'Edge', Macintosh: 'Mac' }
  return [known[system] ?? system, known[browser] ?? browser].filter(Boolean).join(' · ') || '浏览器'
  // #endif
  // #ifndef H5
  const device = uni.getDeviceInfo()
  return `${device.deviceBrand ?? ''} ${device.deviceModel ?? ''} · 微信`.trim().slice(0, 60)
  // #endif
}

/** Height of the system's bar above the page, px, and the width its menu button takes on the right. */
export function topRoom(): { height: number; right: number } {
  // #ifdef MP-WEIXIN
  const menu = uni.getMenuButtonBoundingClientRect()
  const screen = uni.getWindowInfo()
  return { height: screen.statusBarHeight ?? 20, right: screen.windowWidth - menu.left }
  // #endif
  // #ifndef MP-WEIXIN
  return { height: 0, right: 0 }
  // #endif
}
