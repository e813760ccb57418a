import { computed, onUnmounted, ref } from 'vue'
import { ApiError } from '@palmtax/api'
import { deviceName } from '@/platform/device'
import { CHANNEL } from '@/platform/http'
import { keep, recall } from '@/platform/storage'
import { loginCode } from '@/platform/wechat'
import { api } from '@/state/api'
import { sayProblem } from '@/state/notice'
import { problemCode, problemWords } from '@/state/problems'
import { openSession } from '@/state/session'
import type { Session } from '@/state/session'
import { goOn } from './useEnter'

const PHONE = /^1[3-9]\d{9}$/
const CODE = /^\d{6}$/
const SECOND_MS = 1000

/** Seconds that run down to zero, for "send again in 42 s". */
export function useCountdown() {
  const left = ref(0)
  let timer: ReturnType<typeof setInterval> | undefined
  const stop = (): void => clearInterval(timer)

  function start(seconds: number): void {
    stop()
    left.value = seconds
    timer = setInterval(() => {
      left.value -= 1
      if (left.value <= 0) stop()
    }, SECOND_MS)
  }

  onUnmounted(stop)
  return { left, start }
}

const device = () => ({ name: deviceName(), channel: CHANNEL })

function enter(session: Session): void {
  openSession(session)
  void goOn()
}

/** Signing in by phone and one-time code. */
export function useSmsSignIn() {
  const phone = ref(recall<string>('last-phone') ?? '')
  const code = ref('')
  const isSending = ref(false)
  const isEntering = ref(false)
  const wasSent = ref(false)
  const problem = ref('')
  const countdown = useCountdown()
  const maySend = computed(() => PHONE.test(phone.value) && countdown.left.value <= 0 && !isSending.value)
  const mayEnter = computed(() => PHONE.test(phone.value) && CODE.test(code.value))

  async function sendCode(): Promise<void> {
    if (!maySend.value) return
    isSending.value = true
    problem.value = ''
    try {
      const sent = await api.call('post', '/api/identity/sms-codes', { body: { phone: phone.value, purpose: 'sign_in' } })
      wasSent.value = true
      countdown.start(sent.resend_in_seconds)
    } catch (failure) {
      problem.value = sentence(failure)
      countdown.start(waitSeconds(failure))
    } finally {
      isSending.value = false
    }
  }

  async function signIn(): Promise<void> {
    if (!mayEnter.value || isEntering.value) return
    isEntering.value = true
    problem.value = ''
    try {
      const body = { phone: phone.value, code: code.value, device: device() }
      const session = await api.call('post', '/api/identity/sessions/sms', { body })
      keep('last-phone', phone.value)
      enter(session)
    } catch (failure) {
      problem.value = sentence(failure)
      code.value = ''
    } finally {
      isEntering.value = false
    }
  }

  return { phone, code, isSending, isEntering, wasSent, problem, countdown: countdown.left, maySend, mayEnter, sendCode, signIn }
}

/** Signing in by one tap in WeChat; a WeChat account seen for the first time also gives its phone number. */
export function useWeChatSignIn() {
  const isEntering = ref(false)
  const needsPhone = ref(false)

  async function signIn(phoneCode: string | null = null): Promise<void> {
    if (isEntering.value) return
    isEntering.value = true
    try {
      const body = { login_code: await loginCode(), phone_code: phoneCode, device: device() }
      enter(await api.call('post', '/api/identity/sessions/wechat', { body }))
    } catch (failure) {
      if (problemCode(failure) === 'identity.phone_needed') needsPhone.value = true
      else sayProblem(failure)
    } finally {
      isEntering.value = false
    }
  }

  return { isEntering, needsPhone, signIn }
}

/** How long the server wants us to wait before the next code, seconds; 0 when it did not say. */
function waitSeconds(failure: unknown): number {
  const wait = failure instanceof ApiError ? failure.problem.fields.wait_seconds : 0
  return typeof wait === 'number' ? wait : 0
}

function sentence(failure: unknown): string {
  const words = problemWords(failure)
  return [words.text, words.hint].filter(Boolean).join(' ')
}
