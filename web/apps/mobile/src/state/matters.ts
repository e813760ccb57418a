/**
 * Every call of the matters, in one place. Shapes come from @palmtax/flow until the API document names them; then only this
 * file changes: `loose.call` becomes `api.call` and the casts go.
 */
import type {
  Answers,
  Application,
  ApplicationPage,
  Begun,
  Catalogue,
  Hit,
  Journey,
  Matter,
  PaperFile,
  Put,
  Theme,
} from '@palmtax/flow'
import { api, apiAddress } from './api'

interface LooseArgs {
  path?: Record<string, string>
  query?: Record<string, string | number | null | undefined>
  body?: unknown
  bytes?: ArrayBuffer
  headers?: Record<string, string>
}
/** The client without the types of the API document. */
export const loose = api as unknown as {
  call: <Answer>(method: 'get' | 'post' | 'put' | 'patch' | 'delete', path: string, args?: LooseArgs) => Promise<Answer>
}
const ROOT = '/api/matters'
const ONE = `${ROOT}/applications/{id}`

/** The catalogue; undefined when the kept version is still the newest. */
export const readCatalogue = (version = ''): Promise<Catalogue | undefined> =>
  loose.call('get', `${ROOT}/catalogue`, version ? { headers: { 'If-None-Match': `"${version}"` } } : {})
export const readMatter = (code: string): Promise<Matter> => loose.call('get', `${ROOT}/catalogue/{code}`, { path: { code } })
export const searchMatters = (q: string): Promise<{ hits: Hit[] }> => loose.call('get', `${ROOT}/search`, { query: { q } })
export const popularMatters = (): Promise<{ hits: Hit[] }> => loose.call('get', `${ROOT}/popular`)

export const startApplication = (matter_code: string, fresh = false): Promise<Application> =>
  loose.call('post', `${ROOT}/applications`, { body: { matter_code, fresh } })
export const readApplication = (id: string): Promise<Application> => loose.call('get', ONE, { path: { id } })
export const readApplications = (
  query: { group: string; q?: string; cursor?: string | null },
  headers?: Record<string, string>,
): Promise<ApplicationPage> => loose.call('get', `${ROOT}/applications`, { query: { ...query, q: query.q || undefined }, headers })

export interface Change {
  version: number
  answers: Answers
  spent_ms?: Record<string, number>
  office_code?: string
}
export const changeApplication = (id: string, body: Change): Promise<Application> => loose.call('patch', ONE, { path: { id }, body })
export const checkApplication = (id: string): Promise<Application> => loose.call('post', `${ONE}/check`, { path: { id } })

export interface Submission {
  version: number
  idempotency_key: string
  is_confirmed: true
}
export const submitApplication = (id: string, body: Submission): Promise<Application> =>
  loose.call('post', `${ONE}/submission`, { path: { id }, body })
export const withdrawApplication = (id: string, reason: string): Promise<Application> =>
  loose.call('post', `${ONE}/withdrawal`, { path: { id }, body: { reason } })
export const discardApplication = (id: string): Promise<Application> => loose.call('delete', ONE, { path: { id } })
export const restoreApplication = (id: string): Promise<Application> => loose.call('post', `${ONE}/restoration`, { path: { id } })
export const rateApplication = (id: string, body: { stars: number; tags: string[]; text: string }): Promise<Application> =>
  loose.call('post', `${ONE}/rating`, { path: { id }, body })

export const summaryAddress = (id: string): string => apiAddress(`${ROOT}/applications/${id}/summary/pdf`)
export const documentAddress = (id: string): string => apiAddress(`/api/certificates/documents/${id}/pdf`)
export const paperAddress = (id: string, part: 'file' | 'thumbnail'): string => apiAddress(`${ROOT}/papers/${id}/${part}`)

export interface UploadStart {
  application_id: string
  paper_code: string
  file_name: string
  size_bytes: number
  idempotency_key: string
}
export const beginUpload = (body: UploadStart): Promise<Begun> => loose.call('post', `${ROOT}/uploads`, { body })
export const whereUpload = (id: string): Promise<{ offset: number }> => loose.call('get', `${ROOT}/uploads/{id}`, { path: { id } })
export const putPiece = (id: string, offset: number, bytes: ArrayBuffer): Promise<Put<PaperFile>> =>
  loose.call('put', `${ROOT}/uploads/{id}/bytes`, { path: { id }, query: { offset }, bytes })
export const deletePaper = (id: string): Promise<Application> => loose.call('delete', `${ROOT}/papers/{id}`, { path: { id } })

export const readTheme = (code: string): Promise<Theme> => loose.call('get', `${ROOT}/themes/{code}`, { path: { code } })
export const startJourney = (theme_code: string, idempotency_key: string): Promise<Journey> =>
  loose.call('post', `${ROOT}/journeys`, { body: { theme_code, idempotency_key } })
export const readJourney = (id: string): Promise<Journey> => loose.call('get', `${ROOT}/journeys/{id}`, { path: { id } })
export const changeJourney = (id: string, body: Change): Promise<Journey> =>
  loose.call('patch', `${ROOT}/journeys/{id}`, { path: { id }, body: { version: body.version, answers: body.answers } })
export const listJourneys = (): Promise<Journey[]> => loose.call('get', `${ROOT}/journeys`)
/** Begins what can begin now, after a step was done. */
export const continueJourney = (id: string): Promise<Journey> => loose.call('post', `${ROOT}/journeys/{id}/continuation`, { path: { id } })
export const retryStep = (id: string, matter_code: string): Promise<Journey> =>
  loose.call('post', `${ROOT}/journeys/{id}/retry`, { path: { id }, body: { matter_code } })
export const leaveStepOut = (id: string, matter_code: string): Promise<Journey> =>
  loose.call('post', `${ROOT}/journeys/{id}/omission`, { path: { id }, body: { matter_code } })
export const submitJourney = (id: string, body: Omit<Submission, 'is_confirmed'>): Promise<Journey> =>
  loose.call('post', `${ROOT}/journeys/{id}/submission`, { path: { id }, body })

export interface Changes {
  changes: { application_id: string; state: string; at: string }[]
  now: string
}
export const readChanges = (since: string): Promise<Changes> => loose.call('get', `${ROOT}/changes`, { query: { since } })
export const liveAddress = (): string => apiAddress(`${ROOT}/live`)
