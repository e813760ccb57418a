/** Puts any failure into two sentences: what happened, what to do. */
import { ApiError } from '@palmtax/api'
import { t } from './text'

export interface ProblemWords {
  code: string
  text: string
  hint: string
  isOffline: boolean
}

/** The words for a failure. The server's own when it gave some; never a bare code. */
export function problemWords(failure: unknown): ProblemWords {
  if (failure instanceof ApiError) {
    const { code, text, hint } = failure.problem
    if (failure.isOffline) return { code, text: t('problem.offline'), hint: t('problem.offline_hint'), isOffline: true }
    if (text) return { code, text, hint, isOffline: false }
    return { code, text: t('problem.server'), hint: t('problem.server_hint'), isOffline: false }
  }
  return { code: 'app', text: t('problem.server'), hint: t('problem.server_hint'), isOffline: false }
}

/** The code of a refusal, or ''. */
export function problemCode(failure: unknown): string {
  return failure instanceof ApiError ? failure.problem.code : ''
}
