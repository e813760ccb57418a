import { ref } from 'vue'
import { api } from '@/state/api'
import { problemCode, problemWords } from '@/state/problems'
import { useCountdown } from './useSignIn'

const NEEDED = /second_factor/

/**
 * Acts that want a second proof. `guard(act)` runs the act; when the server asks for the proof, the sheet opens and the
 * act runs again after the code was right.
 */
export function useSecondFactor() {
  const isOpen = ref(false)
  const isBusy = ref(false)
  const code = ref('')
  const problem = ref('')
  const countdown = useCountdown()
  let waiting: (() => Promise<void>) | null = null

  async function guard(act: () => Promise<void>): Promise<void> {
    try {
      await act()
    } catch (failure) {
      if (!NEEDED.test(problemCode(failure))) throw failure
      waiting = act
      code.value = ''
      problem.value = ''
      isOpen.value = true
    }
  }

  async function sendCode(): Promise<void> {
    if (countdown.left.value > 0) return
    try {
      const sent = await api.call('post', '/api/identity/sms-codes', { body: { purpose: 'second_factor' } })
      countdown.start(sent.resend_in_seconds)
      problem.value = ''
    } catch (failure) {
      problem.value = problemWords(failure).text
    }
  }

  async function confirm(): Promise<void> {
    isBusy.value = true
    try {
      await api.call('post', '/api/identity/second-factor', { body: { code: code.value } })
      isOpen.value = false
      const act = waiting
      waiting = null
      await act?.()
    } catch (failure) {
      problem.value = problemWords(failure).text
    } finally {
      isBusy.value = false
    }
  }

  return { isOpen, isBusy, code, problem, countdown: countdown.left, guard, sendCode, confirm }
}

export type SecondFactor = ReturnType<typeof useSecondFactor>
