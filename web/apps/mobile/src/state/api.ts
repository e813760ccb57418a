/** The one way to the server: typed, with token, channel and language; a lapsed token is renewed once for all. */
import { ApiError, createClient, renewing } from '@palmtax/api'
import type { Client, HttpRequest, HttpResponse } from '@palmtax/api'
import { API_BASE, CHANNEL, transport } from '@/platform/http'
import { currentPath, restart } from '@/platform/navigate'
import { routes } from '@/routes'
import { language } from './preferences'
import { accessToken, closeSession, openSession, refreshToken } from './session'
import type { Session } from './session'
import { closeVisit, visit } from './visit'
import { inTurn, waitingHeaders } from './waiting'

const PUBLIC = /\/api\/(identity\/sessions\/(sms|wechat|oauth|refresh)|verify\/)/
const REFRESH = '/api/identity/sessions/refresh'

const carrier = renewing(inTurn(transport), { accessToken, renew, isPublic: (url) => PUBLIC.test(url) })

export const api = createClient({
  base: API_BASE,
  transport: carry,
  headers: commonHeaders,
})

async function carry(request: HttpRequest): Promise<HttpResponse> {
  const answer = await carrier(request)
  if (answer.status === 401 && !PUBLIC.test(request.url)) leave()
  return answer
}

/** The client with a ready-made query on every request, as a return's field gives it (names may repeat). */
export function apiWith(search: string): Client {
  return createClient({
    base: API_BASE,
    transport: (request) => carry({ ...request, url: joined(request.url, search) }),
    headers: commonHeaders,
  })
}

function joined(url: string, search: string): string {
  return search ? `${url}${url.includes('?') ? '&' : '?'}${search}` : url
}

/** Channel and language, sent with everything. */
export function commonHeaders(): Record<string, string> {
  return { 'X-Channel': CHANNEL, 'Accept-Language': language.value }
}

/** Headers for what is fetched outside the client: a PDF. */
export function ownHeaders(): Record<string, string> {
  return { ...commonHeaders(), ...waitingHeaders(), Authorization: `Bearer ${accessToken() ?? ''}` }
}

/** The full address of a path of the API. */
export function apiAddress(path: string): string {
  return API_BASE + path
}

async function renew(): Promise<boolean> {
  const token = refreshToken()
  if (!token) return false
  const answer = await transport({
    method: 'POST',
    url: API_BASE + REFRESH,
    headers: { ...commonHeaders(), 'Content-Type': 'application/json' },
    body: JSON.stringify({ refresh_token: token }),
  })
  if (answer.status >= 500) throw new Error(`HTTP ${answer.status}`)
  if (answer.status !== 200) return false
  openSession(JSON.parse(answer.body) as Session)
  return true
}

function leave(): void {
  if (visit.value) return closeVisit()
  closeSession()
  if (currentPath() !== routes.signIn) restart('signIn', { ended: 1 })
}

export { ApiError }
