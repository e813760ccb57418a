import { ref } from 'vue'
import { PushRefused, pushKeys, pushState, startPush, stopPush } from '@/platform/push'
import type { PushKeys, PushState } from '@/platform/push'
import { keep, recall } from '@/platform/storage'
import { api } from '@/state/api'
import { say, sayProblem } from '@/state/notice'
import { me } from '@/state/session'
import { t } from '@/state/text'

const TOLD = 'push.told'
/** For whom this browser was last told to the server, and under which address. */
const mark = (keys: PushKeys): string => `${me.value?.person.person_id ?? ''} ${keys.endpoint}`

async function tellServer(keys: PushKeys): Promise<void> {
  await api.call('post', '/api/identity/push-subscriptions', { body: keys })
  keep(TOLD, mark(keys))
}

/** Notifications of this browser: on by a tap, off by a tap; refusals are said with the way on. */
export function usePush() {
  const state = ref<PushState>('none')
  const isBusy = ref(false)
  const look = async (): Promise<void> => void (state.value = await pushState())

  async function turn(isOn: boolean): Promise<void> {
    if (isBusy.value) return
    isBusy.value = true
    try {
      await (isOn ? start() : stop())
    } catch (failure) {
      if (failure instanceof PushRefused) say(t(`notices.push_${failure.why}`), true)
      else sayProblem(failure)
    } finally {
      await look()
      isBusy.value = false
    }
  }

  return { state, isBusy, look, turn }
}

async function start(): Promise<void> {
  const { key } = await api.call('get', '/api/channels/web-push/key')
  try {
    await tellServer(await startPush(key))
  } catch (failure) {
    if (!(failure instanceof PushRefused)) await stopPush() // else this browser would believe it is on
    throw failure
  }
  say(t('notices.push_on'))
}

async function stop(): Promise<void> {
  const known = await stopPush()
  keep(TOLD, null)
  if (known) await api.call('post', '/api/identity/push-subscriptions/ending', { body: known })
  say(t('notices.push_off'))
}

/** The push service may have changed the subscription, or somebody else signed in here: the server is told once. */
export async function renewPush(): Promise<void> {
  const keys = await pushKeys().catch(() => null)
  if (keys && recall<string>(TOLD) !== null && recall<string>(TOLD) !== mark(keys)) await tellServer(keys).catch(() => undefined)
}
