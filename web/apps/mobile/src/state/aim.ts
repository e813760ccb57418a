/** Where a link led when somebody had to sign in first: kept on this phone until they have. */
import { keep, recall } from '@/platform/storage'

export interface Aim {
  /** One of our screens with its query. */
  to: string
  /** The taxpayer to act for there; `self`: oneself; empty: as one is. */
  as: string
  /** The sign-in inside WeChat that found nobody: the WeChat that is bound once somebody has signed in. */
  state: string
}

/** As long as the server remembers whose WeChat it is. */
const KEPT_MS = 15 * 60 * 1000

/** Keeps where to go on after signing in. */
export function rememberAim(aim: Aim): void {
  keep('aim', { ...aim, at: Date.now() })
}

/** Where to go on, without forgetting it; null when there is nothing, or it is too long ago. */
export function lookAtAim(): Aim | null {
  const kept = recall<Aim & { at: number }>('aim')
  return kept && Date.now() - kept.at < KEPT_MS ? kept : null
}

/** Where to go on, once. */
export function takeAim(): Aim | null {
  const aim = lookAtAim()
  keep('aim', null)
  return aim
}
