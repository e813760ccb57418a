/** Notifications of this browser: asking for them, giving them up, what the push service knows of us. Nothing in mini programs. */

/** What a push service needs to reach this browser (RFC 8030, 8291). */
export interface PushKeys {
  endpoint: string
  p256dh: string
  auth: string
}
export type PushState = 'none' | 'off' | 'on' | 'refused'
/** Why it could not be switched on: the person said no, or the browser's push service did not answer. */
export class PushRefused extends Error {
  constructor(readonly why: 'denied' | 'service') {
    super(why)
  }
}

// #ifdef H5
const canPush = (): boolean => 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window

const worker = async (): Promise<ServiceWorkerRegistration | null> => (canPush() ? ((await navigator.serviceWorker.getRegistration()) ?? null) : null)

function keysOf(found: PushSubscription): PushKeys {
  const { endpoint, keys } = found.toJSON()
  return { endpoint: endpoint ?? '', p256dh: keys?.p256dh ?? '', auth: keys?.auth ?? '' }
}

function bytes(key: string): Uint8Array<ArrayBuffer> {
  const plain = atob(key.replace(/-/g, '+').replace(/_/g, '/'))
  return Uint8Array.from(plain, (one) => one.charCodeAt(0))
}
// #endif

/** How things stand here; `none` where this browser cannot do it. */
export async function pushState(): Promise<PushState> {
  // #ifdef H5
  const found = await worker()
  if (!found) return 'none'
  if (Notification.permission === 'denied') return 'refused'
  return (await found.pushManager.getSubscription()) ? 'on' : 'off'
  // #endif
  // #ifndef H5
  return 'none'
  // #endif
}

/** Asks the person and the push service; only ever called by a tap. Rejects with PushRefused. */
export async function startPush(key: string): Promise<PushKeys> {
  // #ifdef H5
  if ((await Notification.requestPermission()) !== 'granted') throw new PushRefused('denied')
  const found = await worker()
  try {
    if (!found) throw new Error('no service worker')
    return keysOf(await found.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) }))
  } catch {
    throw new PushRefused('service')
  }
  // #endif
  // #ifndef H5
  throw new PushRefused(key ? 'service' : 'denied')
  // #endif
}

/** Ends it; gives what the server knew this browser by. */
export async function stopPush(): Promise<PushKeys | null> {
  // #ifdef H5
  const found = await (await worker())?.pushManager.getSubscription()
  if (!found) return null
  const known = keysOf(found)
  await found.unsubscribe()
  return known
  // #endif
  // #ifndef H5
  return null
  // #endif
}

/** The subscription this browser has now; the push service may have given it a new one. */
export async function pushKeys(): Promise<PushKeys | null> {
  // #ifdef H5
  const found = await (await worker())?.pushManager.getSubscription()
  return found ? keysOf(found) : null
  // #endif
  // #ifndef H5
  return null
  // #endif
}
