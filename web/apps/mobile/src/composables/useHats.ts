import { ref } from 'vue'
import { api } from '@/state/api'
import { unread } from '@/state/messages'
import { say, sayProblem } from '@/state/notice'
import { changeMe, hat, me } from '@/state/session'
import type { Hat } from '@/state/session'
import { inOurs, t } from '@/state/text'

/** My hats and the change between them, without signing in again. */
export function useHats(changed: () => void) {
  const isOpen = ref(false)
  const busyHat = ref('')

  async function wear(next: Hat): Promise<void> {
    if (next.hat_id === hat.value?.hat_id) {
      isOpen.value = false
      return
    }
    busyHat.value = next.hat_id
    try {
      changeMe(await api.call('post', '/api/identity/hat', { body: { hat_id: next.hat_id } }))
      unread.value = 0 // the other hat's inbox
      isOpen.value = false
      say(t('hats.changed', { title: next.title }))
      changed()
    } catch (failure) {
      sayProblem(failure)
    } finally {
      busyHat.value = ''
    }
  }

  return { isOpen, busyHat, wear, me, hat, roleOf: (one: Hat) => inOurs(one, 'role_name') }
}

/** Reads the person and the hats anew: an authorisation may have come or gone. */
export async function refreshMe(): Promise<void> {
  changeMe(await api.call('get', '/api/identity/me'))
}
