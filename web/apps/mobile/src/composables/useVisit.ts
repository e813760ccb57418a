import { onPullDownRefresh, onShow } from '@dcloudio/uni-app'
import { currentAddress } from '@/platform/navigate'
import { isSignedIn } from '@/state/session'
import { askToSignIn } from './useEnter'

/** Runs `load` every time the screen comes up and when it is pulled; sends people who are signed out to sign in. */
export function useVisit(load: () => Promise<unknown>): void {
  onShow(() => {
    if (isSignedIn.value) void load()
    else askToSignIn(currentAddress())
  })
  onPullDownRefresh(() => {
    void load().finally(() => uni.stopPullDownRefresh())
  })
}
