import { ref } from 'vue'
import type { Schemas } from '@palmtax/api'
import { restart } from '@/platform/navigate'
import { api } from '@/state/api'
import { say, sayProblem } from '@/state/notice'
import { closeSession } from '@/state/session'
import { t } from '@/state/text'
import { useLoad } from './useLoad'

export type Device = Schemas['DeviceOut']

/** Signing out on this phone. Without a network it is signed out here; the server's session lapses by itself. */
export function useSignOut() {
  const isBusy = ref(false)

  async function signOut(): Promise<void> {
    isBusy.value = true
    await api.call('delete', '/api/identity/sessions/current').catch(() => undefined)
    closeSession()
    isBusy.value = false
    restart('home')
  }

  return { isBusy, signOut }
}

/** The devices signed in for me, ending one, ending all. */
export function useDevices() {
  const devices = useLoad(() => api.call('get', '/api/identity/sessions'))
  const busy = ref('')

  async function end(device: Device): Promise<void> {
    busy.value = device.session_id
    try {
      await api.call('delete', '/api/identity/sessions/{session_id}', { path: { session_id: device.session_id } })
      say(t('devices.ended', { name: device.name }))
      await devices.reload()
    } catch (failure) {
      sayProblem(failure)
    } finally {
      busy.value = ''
    }
  }

  async function endAll(): Promise<void> {
    busy.value = 'all'
    try {
      await api.call('delete', '/api/identity/sessions')
      closeSession()
      restart('signIn')
    } catch (failure) {
      sayProblem(failure)
    } finally {
      busy.value = ''
    }
  }

  return { devices, busy, end, endAll }
}
