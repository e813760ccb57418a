/** The ways on that the server names, as screens of this app. */
import { go, restart } from '@/platform/navigate'

/** Opens what stands in the way: a payment, overdue returns, another matter ("FPBL-002"), or home when the name is new. */
export function goTo(name: string): void {
  if (/^[A-Z]{3,4}-\d{3}$/.test(name)) go('matter', { code: name })
  else if (name === 'payment' || name === 'filing' || name === 'home') restart('home')
  else if (name === 'calendar') go('calendar')
  else if (name === 'real_name' || name === 'identity') go('realName')
  else if (name === 'authorisations') go('authorisations')
  else if (name === 'certificates') go('certificates')
  else if (name === 'invoice' || name === 'invoices') go('invoices')
  else if (name === 'appointments') go('offices')
  else restart('home')
}
