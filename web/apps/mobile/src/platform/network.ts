/** Whether the phone has a network. */

/** Tells the state now and after every change. */
export function watchNetwork(tell: (online: boolean) => void): void {
  // #ifdef H5
  tell(navigator.onLine)
  addEventListener('online', () => tell(true))
  addEventListener('offline', () => tell(false))
  // #endif
  // #ifndef H5
  uni.getNetworkType({ success: (now) => tell(now.networkType !== 'none') })
  uni.onNetworkStatusChange((now) => tell(now.isConnected))
  // #endif
}
