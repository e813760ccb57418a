/** Small values kept on this phone, as JSON; a full or forbidden storage costs the value, never the screen. */
import { embedded } from './embedded'

/** A page inside another application keeps its own values, apart from the app's, and no longer than its tab. */
const PREFIX = embedded ? `palmtax.visit.${embedded.visit}.` : 'palmtax.'

/** The kept value, or null. */
export function recall<Value>(key: string): Value | null {
  try {
    const text = read(PREFIX + key)
    return text ? (JSON.parse(text) as Value) : null
  } catch {
    return null
  }
}

/** Keeps a value; null forgets it. */
export function keep(key: string, value: unknown): void {
  try {
    if (value === null || value === undefined) remove(PREFIX + key)
    else write(PREFIX + key, JSON.stringify(value))
  } catch {
    // Private windows and full phones refuse: the app goes on with what it has in memory.
  }
}

/** Forgets everything whose key starts so. */
export function forgetAll(start: string): void {
  for (const key of keys()) if (key.startsWith(PREFIX + start)) remove(key)
}

/** The keys (without our prefix) that start so. */
export function keptKeys(start: string): string[] {
  return keys()
    .filter((key) => key.startsWith(PREFIX + start))
    .map((key) => key.slice(PREFIX.length))
}

// #ifdef H5
function shelf(): Storage {
  return embedded ? sessionStorage : localStorage
}
// #endif

function read(key: string): string | null {
  // #ifdef H5
  return shelf().getItem(key)
  // #endif
  // #ifndef H5
  return (uni.getStorageSync(key) as string) || null
  // #endif
}

function write(key: string, text: string): void {
  // #ifdef H5
  shelf().setItem(key, text)
  // #endif
  // #ifndef H5
  uni.setStorageSync(key, text)
  // #endif
}

function remove(key: string): void {
  // #ifdef H5
  shelf().removeItem(key)
  // #endif
  // #ifndef H5
  uni.removeStorageSync(key)
  // #endif
}

function keys(): string[] {
  // #ifdef H5
  return Object.keys(shelf())
  // #endif
  // #ifndef H5
  return uni.getStorageInfoSync().keys
  // #endif
}
