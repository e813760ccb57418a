import { ref } from 'vue'
import { leaveFor } from '@/platform/browser'
import { deviceName } from '@/platform/device'
import { accountFor, host } from '@/platform/host'
import { CHANNEL } from '@/platform/http'
import { restart, restartAddress } from '@/platform/navigate'
import { rememberAim, takeAim } from '@/state/aim'
import { api } from '@/state/api'
import { sayProblem } from '@/state/notice'
import { problemCode, problemWords } from '@/state/problems'
import type { ProblemWords } from '@/state/problems'
import { changeMe, hat, isSignedIn, me, openSession } from '@/state/session'
import type { Hat } from '@/state/session'
import { refreshMe } from './useHats'

type Query = Record<string, string | undefined>

/** The entry of links: signs in (inside WeChat and Alipay without typing), puts on the hat the link is for, goes on to its screen. */
export function useEnter() {
  const problem = ref<ProblemWords | null>(null)
  const isForAnother = ref(false)

  async function enter(query: Query): Promise<void> {
    problem.value = null
    try {
      const code = query.code || query.auth_code
      if (code && query.state) await comeBack(code, query.state)
      else if (query.scene) await arrive(await placeOf(plain(query.scene)), '')
      else await arrive(plain(query.to), plain(query.as), plain(query.via))
    } catch (failure) {
      if (problemCode(failure) === 'identity.oauth_stale' && isSignedIn.value) restart('home')
      else problem.value = problemWords(failure)
    }
  }

  async function comeBack(code: string, state: string): Promise<void> {
    const body = { code, state, device: { name: deviceName(), channel: CHANNEL } }
    const answer = await api.call('post', '/api/identity/sessions/oauth', { body })
    if (answer.session) {
      openSession(answer.session)
      return arrive(answer.place, answer.whose)
    }
    signInFirst(answer.place, answer.whose, state)
  }

  async function arrive(to: string, as: string, via = ''): Promise<void> {
    if (!isSignedIn.value) return host ? askHost(to, as, via) : signInFirst(to, as)
    isForAnother.value = !(await wear(as))
    if (!isForAnother.value) restartAddress(to)
  }

  return { problem, isForAnother, enter }
}

/** Sends people who are signed out to sign in, and brings them back to `to`. */
export function askToSignIn(to: string): void {
  if (host) restart('enter', { to })
  else signInFirst(to, '')
}

/** After an ordinary sign-in: binds the WeChat or Alipay that led here, then goes on to where the person wanted. */
export async function goOn(): Promise<void> {
  const aim = takeAim()
  if (aim?.state) await api.call('post', '/api/identity/oauth/binding', { body: { state: aim.state } }).catch(sayProblem)
  if (aim?.to) restart('enter', { to: aim.to, as: aim.as })
  else restart('home')
}

/** Where a code leads that the mini program was opened by: a link carries `scene=…` itself, a printed code as a whole. */
async function placeOf(scene: string): Promise<string> {
  return (await api.call('get', '/api/channels/scene/{scene}', { path: { scene } })).place
}

/** The platform's page knows who holds the phone; where no account lets people sign in, they do it the ordinary way. */
async function askHost(to: string, as: string, via: string): Promise<void> {
  const body = { account: accountFor(via), place: to || '/pages/home/index', whose: as }
  try {
    leaveFor((await api.call('post', '/api/identity/oauth', { body })).address)
  } catch (failure) {
    if (problemCode(failure) !== 'identity.account_unknown') throw failure
    signInFirst(to, as)
  }
}

function signInFirst(to: string, as: string, state = ''): void {
  rememberAim({ to, as, state })
  restart('signIn')
}

/** Whether the person has a hat for this taxpayer; it is on then. One that has just been given is looked for too. */
async function wear(as: string): Promise<boolean> {
  const fits = (one: Hat | null) => (as === 'self' ? one?.kind === 'self' : String(one?.taxpayer_id) === as)
  if (!as || fits(hat.value)) return true
  if (!me.value?.hats.some(fits)) await refreshMe()
  const found = me.value?.hats.find(fits)
  if (found) changeMe(await api.call('post', '/api/identity/hat', { body: { hat_id: found.hat_id } }))
  return found !== undefined
}

/** A value of the query as it was meant: the mini program hands it over still encoded. */
function plain(value = ''): string {
  try {
    return value.startsWith('%2F') ? decodeURIComponent(value) : value
  } catch {
    return ''
  }
}
