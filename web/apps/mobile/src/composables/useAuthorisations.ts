import { computed, reactive, ref } from 'vue'
import type { Schemas } from '@palmtax/api'
import { beijingDay } from '@palmtax/ui/dates'
import { back } from '@/platform/navigate'
import { api } from '@/state/api'
import { say, sayProblem } from '@/state/notice'
import { t } from '@/state/text'
import { refreshMe } from './useHats'
import { useLoad } from './useLoad'
import { useSecondFactor } from './useSecondFactor'

export type Authorisation = Schemas['AuthorisationOut']
type Answer = 'accept' | 'deny' | 'revoke'

const YEAR_MS = 365 * 24 * 60 * 60 * 1000

/** What each role may do when nothing else is chosen. */
export const SCOPES = [
  'registry.read',
  'invoice.read',
  'invoice.write',
  'filing.read',
  'filing.write',
  'filing.submit',
  'payment.read',
  'payment.pay',
  'certificates.read',
  'certificates.issue',
] as const
export const ROLES = ['tax_clerk', 'finance_lead', 'invoice_clerk', 'agent'] as const

const ROLE_SCOPES: Record<(typeof ROLES)[number], readonly string[]> = {
  tax_clerk: SCOPES,
  finance_lead: SCOPES,
  invoice_clerk: ['registry.read', 'invoice.read', 'invoice.write'],
  agent: SCOPES.filter((scope) => scope !== 'payment.pay'),
}

/** Authorisations given to me and given for my taxpayer, and what can be done with each. */
export function useAuthorisations() {
  const list = useLoad(() => api.call('get', '/api/identity/authorisations'))
  const factor = useSecondFactor()
  const busy = ref('')
  const mine = computed(() => list.value.value?.filter((one) => one.is_mine) ?? [])
  const given = computed(() => list.value.value?.filter((one) => !one.is_mine) ?? [])

  async function answer(one: Authorisation, how: Answer): Promise<void> {
    busy.value = one.authorisation_id
    try {
      await factor.guard(() => send(one, how))
    } catch (failure) {
      sayProblem(failure)
    } finally {
      busy.value = ''
    }
  }

  async function send(one: Authorisation, how: Answer): Promise<void> {
    const path = { authorisation_id: one.authorisation_id }
    await api.call('post', `/api/identity/authorisations/{authorisation_id}/${how}`, { path })
    say(t(`authorisations.${how}_done`))
    await Promise.all([list.reload(), refreshMe()])
  }

  return { list, mine, given, busy, factor, answer }
}

/** Granting: to whom, as what, for which matters, until when. */
export function useGrant() {
  const form = reactive({
    phone: '',
    name: '',
    role: 'tax_clerk' as (typeof ROLES)[number],
    scopes: [...ROLE_SCOPES.tax_clerk] as string[],
    until: beijingDay(new Date(Date.now() + YEAR_MS).toISOString()),
  })
  const isTried = ref(false)
  const isBusy = ref(false)
  const factor = useSecondFactor()
  const problems = computed(() => ({
    phone: /^1[3-9]\d{9}$/.test(form.phone) ? '' : t('grant.phone_wrong'),
    name: form.name.trim().length >= 2 ? '' : t('grant.name_wrong'),
    scopes: form.scopes.length ? '' : t('grant.scopes_needed'),
  }))
  const shown = computed(() => (isTried.value ? problems.value : { phone: '', name: '', scopes: '' }))

  function chooseRole(role: (typeof ROLES)[number]): void {
    form.role = role
    form.scopes = [...ROLE_SCOPES[role]]
  }

  function toggle(scope: string): void {
    form.scopes = form.scopes.includes(scope) ? form.scopes.filter((one) => one !== scope) : [...form.scopes, scope]
  }

  async function grant(): Promise<void> {
    isTried.value = true
    if (isBusy.value || Object.values(problems.value).some(Boolean)) return
    isBusy.value = true
    try {
      await factor.guard(send)
    } catch (failure) {
      sayProblem(failure)
    } finally {
      isBusy.value = false
    }
  }

  async function send(): Promise<void> {
    const { phone, name, role, scopes, until } = form
    await api.call('post', '/api/identity/authorisations', {
      body: { phone, name: name.trim(), role_code: role, scopes, valid_until: until },
    })
    say(t('grant.done'))
    back()
  }

  return { form, shown, isBusy, factor, chooseRole, toggle, grant }
}

/** Word, tone and shape of where an authorisation stands. */
export function authorisationState(one: Authorisation) {
  const looks = {
    waiting: ['wait', 'hourglass'],
    active: ['good', 'circle-check'],
    revoked: ['plain', 'ban'],
    denied: ['seal', 'ban'],
    ended: ['plain', 'clock'],
  } as const
  const [tone, icon] = looks[one.state]
  return { tone, icon, text: t(`authorisation_state.${one.state}`) }
}
