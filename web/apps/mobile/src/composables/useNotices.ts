import { computed, ref } from 'vue'
import type { Schemas } from '@palmtax/api'
import { api } from '@/state/api'
import { say, sayProblem } from '@/state/notice'
import { t } from '@/state/text'
import { useLoad } from './useLoad'
import { useSecondFactor } from './useSecondFactor'

export type Binding = Schemas['BindingOut']
type Preference = Schemas['PreferenceOut']
type Wish = Schemas['PreferenceIn']

/** What I am told and how, what I agreed to, where I can be reached: each switch is kept at once. */
export function useNotices() {
  const wishes = useLoad(() => api.call('get', '/api/messaging/preferences'))
  const consents = useLoad(() => api.call('get', '/api/messaging/consents'))
  const bindings = useLoad(() => api.call('get', '/api/identity/addresses'))
  const agreement = useLoad(() => api.call('get', '/api/messaging/service-agreement'))
  const busy = ref('')
  const factor = useSecondFactor()
  const problem = computed(() => wishes.problem.value ?? consents.problem.value ?? bindings.problem.value ?? agreement.problem.value)
  const isThere = computed(() => wishes.value.value && consents.value.value && bindings.value.value && agreement.value.value)

  async function reload(): Promise<void> {
    await Promise.all([wishes.reload(), consents.reload(), bindings.reload(), agreement.reload()])
  }

  async function doing(name: string, act: () => Promise<void>): Promise<void> {
    busy.value = name
    try {
      await act()
    } catch (failure) {
      sayProblem(failure)
    } finally {
      busy.value = ''
    }
  }

  function wish(name: string, changed: Partial<Wish>): Promise<void> {
    return doing(name, async () => {
      const now = wishes.value.value
      if (!now) return
      const body = { topics: chosen(now, 'topics'), ways: chosen(now, 'ways'), no_quiet: false, ...changed }
      wishes.value.value = await api.call('put', '/api/messaging/preferences', { body })
    })
  }

  /** Turns one topic or way on or off. */
  function turn(what: 'topics' | 'ways', code: string, isOn: boolean): Promise<void> {
    const now = wishes.value.value
    if (!now) return Promise.resolve()
    const rest = chosen(now, what).filter((one) => one !== code)
    return wish(code, { [what]: isOn ? [...rest, code] : rest })
  }

  /** Hours as `20:00-09:00`; empty: only the bureau's own. */
  function quiet(hours: string): Promise<void> {
    const [start, end] = hours.split('-')
    return wish('quiet', start && end ? { quiet: { start, end } } : { no_quiet: true })
  }

  function consent(purpose: string, notice: string, isGiven: boolean): Promise<void> {
    return doing(purpose, async () => {
      const body = { is_given: isGiven, notice }
      consents.value.value = await api.call('put', '/api/messaging/consents/{purpose}', { path: { purpose }, body })
    })
  }

  function unbind(one: Binding): Promise<void> {
    return doing(one.address_id ?? '', async () => {
      await api.call('delete', '/api/identity/addresses/{address_id}', { path: { address_id: one.address_id ?? '' } })
      say(t('notices.unbound'))
      await bindings.reload()
    })
  }

  /** Signs the agreement on electronic service or takes it back; the code is asked for when it is needed. */
  function agree(isGiven: boolean): Promise<void> {
    return doing('agreement', () =>
      factor.guard(async () => {
        agreement.value.value = await api.call('put', '/api/messaging/service-agreement', { body: { is_given: isGiven } })
      }),
    )
  }

  return { wishes, consents, bindings, agreement, busy, factor, problem, isThere, reload, wish, turn, quiet, consent, unbind, agree }
}

function chosen(now: Preference, what: 'topics' | 'ways'): string[] {
  return now[what].filter((one) => one.is_chosen).map((one) => one.code)
}
