import { ref } from 'vue'
import type { Schemas } from '@palmtax/api'
import { api } from '@/state/api'
import { say, sayProblem } from '@/state/notice'
import { t } from '@/state/text'
import { useLoad } from './useLoad'

export type Consent = Schemas['PartnerConsentOut']
export type Reading = Schemas['ConsentReadingOut']

/** What I let third-party applications do, who read what, and taking it back. */
export function useConsents() {
  const list = useLoad(() => api.call('get', '/api/partners/consents'))
  const readings = ref<{ of: Consent; found: Reading[] } | null>(null)
  const busy = ref('')

  async function attempt(one: Consent, work: () => Promise<void>): Promise<void> {
    busy.value = one.consent_id
    try {
      await work()
    } catch (failure) {
      sayProblem(failure)
    } finally {
      busy.value = ''
    }
  }

  const takeBack = (one: Consent): Promise<void> =>
    attempt(one, async () => {
      await api.call('delete', '/api/partners/consents/{consent_id}', { path: { consent_id: one.consent_id } })
      say(t('consents.taken_back'))
      await list.reload()
    })

  const showReadings = (one: Consent): Promise<void> =>
    attempt(one, async () => {
      const path = { consent_id: one.consent_id }
      readings.value = { of: one, found: await api.call('get', '/api/partners/consents/{consent_id}/readings', { path }) }
    })

  return { list, readings, busy, takeBack, showReadings }
}
