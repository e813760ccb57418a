/** The one screen that this page is inside another application, while it is one. */
import { computed, ref } from 'vue'
import type { Schemas } from '@palmtax/api'
import { tellAround } from '@/platform/embedded'
import { guardScreens, restartAddress } from '@/platform/navigate'
import { keep, recall } from '@/platform/storage'
import { routes } from '@/routes'
import { closeSession, openSession } from './session'

export type Visit = Schemas['EmbedOpenedOut']

const kept = ref<Visit | null>(recall<Visit>('visit'))
/** Whose page this stands in, and for whom; null in the app itself, and when it is over. */
export const visit = computed(() => kept.value)

/** Keeps what a ticket opened: a session for this screen's routes, under one hat. */
export function openVisit(opened: Visit): void {
  kept.value = opened
  keep('visit', opened)
  const hat = { ...opened.hat, uscc: null, office_code: null, valid_until: null }
  const person = { person_id: 0, name: '', phone_masked: '', is_real_name_checked: true }
  openSession({
    access_token: opened.access_token,
    access_expires_at: opened.expires_at,
    refresh_token: '',
    me: { person, hat, hats: [hat], second_factor_until: null, today: opened.today },
  })
}

/** The visit is over, here and for the page around; nothing of it stays. */
export function closeVisit(): void {
  if (kept.value) tellAround(kept.value.origins, 'closed')
  kept.value = null
  keep('visit', null)
  closeSession()
  restartAddress(`${routes.embedded}?over=1`)
}

/** Lets screens of the visit open and no others; `elsewhere` hears of those. */
export function keepToScreens(elsewhere: (path: string) => void): void {
  guardScreens((address, isNext) => {
    const path = address.split('?')[0] as string
    if (path === routes.embedded || kept.value?.places.includes(path)) {
      if (kept.value && isNext && path === kept.value.done) tellAround(kept.value.origins, 'done', { screen: kept.value.screen })
      return true
    }
    elsewhere(path)
    return false
  })
}
