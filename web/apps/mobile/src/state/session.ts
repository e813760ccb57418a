/** Who is signed in on this phone, and under which hat. */
import { computed, ref } from 'vue'
import type { Schemas } from '@palmtax/api'
import { forgetAll, keep, recall } from '@/platform/storage'

export type Session = Schemas['SessionOut']
export type Me = Schemas['Me']
export type Hat = Schemas['HatOut']

const session = ref<Session | null>(recall<Session>('session'))

export const me = computed<Me | null>(() => session.value?.me ?? null)
export const hat = computed<Hat | null>(() => me.value?.hat ?? null)
export const isSignedIn = computed(() => session.value !== null)
export const accessToken = (): string | null => session.value?.access_token ?? null
export const refreshToken = (): string | null => session.value?.refresh_token ?? null

/** Whether the hat worn now allows an act. */
export function may(scope: string): boolean {
  return hat.value?.scopes.includes(scope) ?? false
}

/** Keeps new tokens and who they are for. */
export function openSession(next: Session): void {
  session.value = next
  keep('session', next)
}

/** Keeps who I am after a change of hat or name; what was kept for the other hat is forgotten. */
export function changeMe(next: Me): void {
  if (!session.value) return
  if (next.hat?.hat_id !== hat.value?.hat_id) forgetAll('seen.')
  session.value = { ...session.value, me: next }
  keep('session', session.value)
}

/** Ends the session on this phone; nobody who picks it up afterwards reads what was kept. */
export function closeSession(): void {
  session.value = null
  for (const start of ['session', 'seen.', 'corrections.', 'submission.', 'answers.', 'journeys.', 'once.', 'upload.', 'matters.used', 'phone', 'second-factor', 'aim']) forgetAll(start)
}
