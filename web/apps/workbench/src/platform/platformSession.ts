import { computed, ref } from "vue";
import { ApiError, createClient, fetchTransport, type Schemas } from "@palmtax/api";
import { beijingDay } from "@palmtax/ui";
import { keep, onKeptElsewhere, readKept } from "./platformStorage";

type Me = Schemas["Me"];
type Hat = Schemas["HatOut"];
interface Kept {
  access: string;
  refresh: string;
  me: Me;
  /** Days by which the house is ahead of this machine: the server's day is the one that counts. */
  ahead: number;
}

const DAY_MS = 86_400_000;

const kept = ref<Kept | null>(readKept<Kept>("session"));
onKeptElsewhere("session", () => (kept.value = readKept<Kept>("session")));

/** Who is signed in; null when nobody is. */
export const me = computed<Me | null>(() => kept.value?.me ?? null);

/** The present where the server is, which may live on another day than this machine (a demo town does). */
export function houseNow(): Date {
  return new Date(Date.now() + (kept.value?.ahead ?? 0) * DAY_MS);
}

/** Today where the server is, as YYYY-MM-DD in Beijing. */
export function houseToday(): string {
  return beijingDay(houseNow().toISOString());
}

/** The officer's hat that is on; null when none is. */
export const officerHat = computed<Hat | null>(() => {
  const hat = kept.value?.me.hat;
  return hat?.kind === "officer" ? hat : null;
});

/** Whether the hat that is on carries a scope. */
export function may(scope: string): boolean {
  return officerHat.value?.scopes.includes(scope) ?? false;
}

/** The token to send with requests. */
export function accessToken(): string | null {
  return kept.value?.access ?? null;
}

/** Takes over a session just handed out. */
export function beginSession(session: Schemas["SessionOut"]): void {
  store({ access: session.access_token, refresh: session.refresh_token, ...said(session.me) });
}

/** Takes over what the server says about me: after a change of hat or a second proof. */
export function takeMe(now: Me): void {
  if (kept.value) store({ ...kept.value, ...said(now) });
}

/** What the server says about me, and how far its day is from ours. */
function said(me: Me): Pick<Kept, "me" | "ahead"> {
  const here = beijingDay(new Date().toISOString());
  return { me, ahead: Math.round((Date.parse(me.today) - Date.parse(here)) / DAY_MS) };
}

/** Forgets the session in this browser, in every tab. */
export function endSession(): void {
  store(null);
}

/**
 * Changes the refresh token for new ones; false when the session is over.
 * Tabs take turns: a refresh token used twice would end every session of the person.
 */
export async function renewSession(): Promise<boolean> {
  const mine = kept.value?.refresh;
  if (!mine) return false;
  return inTurn(async () => {
    const now = readKept<Kept>("session");
    if (!now) return giveUp();
    if (now.refresh !== mine) {
      kept.value = now;
      return true;
    }
    return exchange(mine);
  });
}

const plain = createClient({ base: "", transport: fetchTransport, headers: () => ({ "X-Channel": "workbench" }) });

async function exchange(refresh: string): Promise<boolean> {
  try {
    beginSession(await plain.call("post", "/api/identity/sessions/refresh", { body: { refresh_token: refresh } }));
    return true;
  } catch (error) {
    const refused = error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429;
    if (refused) return giveUp();
    throw error;
  }
}

function giveUp(): false {
  endSession();
  return false;
}

function store(value: Kept | null): void {
  kept.value = value;
  keep("session", value);
}

async function inTurn(work: () => Promise<boolean>): Promise<boolean> {
  // Browsers without locks (plain http outside this machine) have to trust to luck between tabs.
  return "locks" in navigator ? await navigator.locks.request("palmtax.renew", work) : work();
}
