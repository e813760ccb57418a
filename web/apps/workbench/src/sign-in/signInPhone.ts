import { computed, onBeforeUnmount, ref } from "vue";
import type { ApiError, Schemas } from "@palmtax/api";
import { asApiError } from "../load/loadResource";
import { call } from "../platform/platformClient";

const SECOND_MS = 1000;

/** Signing in by phone and one-time code: the two fields, the wait before another code, the answer. */
export function usePhoneSignIn(onSession: (session: Schemas["SessionOut"]) => void) {
  const phone = ref("");
  const code = ref("");
  const error = ref<ApiError | null>(null);
  const isBusy = ref(false);
  const waitSeconds = ref(0);
  const isSent = ref(false);
  let timer = 0;

  const isPhone = computed(() => /^1[3-9]\d{9}$/.test(phone.value));
  const isCode = computed(() => /^\d{6}$/.test(code.value));

  function countDown(seconds: number): void {
    window.clearInterval(timer);
    waitSeconds.value = seconds;
    timer = window.setInterval(() => {
      waitSeconds.value -= 1;
      if (waitSeconds.value <= 0) window.clearInterval(timer);
    }, SECOND_MS);
  }

  async function attempt(work: () => Promise<void>): Promise<void> {
    if (isBusy.value) return;
    [isBusy.value, error.value] = [true, null];
    await work().catch((failure: unknown) => (error.value = asApiError(failure)));
    isBusy.value = false;
  }

  const sendCode = () =>
    attempt(async () => {
      const sent = await call("post", "/api/identity/sms-codes", { body: { phone: phone.value, purpose: "sign_in" } });
      isSent.value = true;
      countDown(sent.resend_in_seconds);
    });

  const signIn = () =>
    attempt(async () => {
      const device = { name: deviceName(), channel: "workbench" as const };
      onSession(
        await call("post", "/api/identity/sessions/sms", { body: { phone: phone.value, code: code.value, device } }),
      );
    });

  onBeforeUnmount(() => window.clearInterval(timer));
  return { phone, code, error, isBusy, isSent, waitSeconds, isPhone, isCode, sendCode, signIn };
}

/** How the officer will recognise this device in the list: "Windows · Chrome". */
function deviceName(): string {
  const agent = navigator.userAgent;
  const system = /Windows|Mac OS X|Android|Linux/.exec(agent)?.[0].replace(" OS X", "") ?? "PC";
  const browser = /Edg|Chrome|Firefox|Safari/.exec(agent)?.[0].replace("Edg", "Edge") ?? "Browser";
  return `${system} · ${browser}`;
}
