import { ref } from 'vue'
import type { Schemas } from '@palmtax/api'
import { hasScanner } from '@/platform/browser'
import { replace } from '@/platform/navigate'
import { scanCode } from '@/platform/scan'
import { api } from '@/state/api'
import { say, sayProblem } from '@/state/notice'
import { t } from '@/state/text'

/** The code of a printing kiosk is another screen's. */
const KIOSK = /certificates\/kiosk\/index\?visit=([0-9a-f-]{36})/i
const TICKET = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i

/** Signing in on the workbench by its QR code: scan, look, confirm or refuse. */
export function useScan() {
  const ticket = ref('')
  const typed = ref('')
  const state = ref<Schemas['SignInTicketState']['state'] | ''>('')
  const isBusy = ref(false)

  async function scan(): Promise<void> {
    const text = await scanCode().catch(() => null)
    if (text) await read(text)
    else say(t('scan.nothing'), true)
  }

  async function read(text: string): Promise<void> {
    const visit = KIOSK.exec(text)?.[1]
    if (visit) return replace('kiosk', { visit })
    const found = TICKET.exec(text)?.[0]
    if (!found) {
      say(t('scan.not_ours'), true)
      return
    }
    await call(async () => {
      ticket.value = found
      const path = { ticket_id: found }
      state.value = (await api.call('post', '/api/identity/sign-in-tickets/{ticket_id}/scan', { path })).state
    })
  }

  async function answer(accept: boolean): Promise<void> {
    await call(async () => {
      const path = { ticket_id: ticket.value }
      state.value = (await api.call('post', '/api/identity/sign-in-tickets/{ticket_id}/answer', { path, body: { accept } })).state
    })
  }

  async function call(act: () => Promise<void>): Promise<void> {
    isBusy.value = true
    try {
      await act()
    } catch (failure) {
      sayProblem(failure)
    } finally {
      isBusy.value = false
    }
  }

  return { typed, state, isBusy, hasScanner: hasScanner(), scan, read, answer }
}
