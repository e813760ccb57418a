import { onHide, onShow, onUnload } from '@dcloudio/uni-app'
import { canListen, listen } from '@/platform/live'
import { ownHeaders } from '@/state/api'
import { liveAddress, readChanges } from '@/state/matters'
import { isOnline } from '@/state/network'
import { isSignedIn } from '@/state/session'

/** Where nothing can be listened to, and when the stream is down, it is asked this often, milliseconds. */
const ASK_MS = 15_000
const FIRST_PAUSE_MS = 1500
const MOST_PAUSE_MS = 60_000

/** Tells a screen that something of its person's applications changed, as long as it is looked at. */
export function useLive(changed: (kind: string) => void): void {
  let isHere = false
  let since = ''
  let timer: ReturnType<typeof setTimeout> | undefined
  const stopped = { stop: (): void => undefined }

  onShow(start)
  onHide(stop)
  onUnload(stop)

  function start(): void {
    if (isHere || !isSignedIn.value) return
    isHere = true
    since = new Date().toISOString()
    if (canListen()) void stream(FIRST_PAUSE_MS)
    else timer = setTimeout(() => void ask(), ASK_MS)
  }

  function stop(): void {
    isHere = false
    clearTimeout(timer)
    stopped.stop()
  }

  /** The stream, again after it ended; longer and longer pauses while it cannot be had, asking in between. */
  async function stream(pause: number): Promise<void> {
    const began = Date.now()
    await listen(liveAddress(), ownHeaders(), (name, data) => name !== 'alive' && changed(data), stopped).catch(() => undefined)
    if (!isHere) return
    const worked = Date.now() - began > MOST_PAUSE_MS
    timer = setTimeout(
      () => {
        if (isOnline.value) changed('reconnected')
        void stream(worked ? FIRST_PAUSE_MS : Math.min(pause * 2, MOST_PAUSE_MS))
      },
      worked ? FIRST_PAUSE_MS : pause,
    )
  }

  async function ask(): Promise<void> {
    const found = await readChanges(since).catch(() => null)
    if (!isHere) return
    if (found) since = found.now
    if (found?.changes.length) changed('polled')
    timer = setTimeout(() => void ask(), ASK_MS)
  }
}
