import { computed, onBeforeUnmount, onMounted, ref, shallowRef } from "vue";
import { ApiError } from "@palmtax/api";
import { asApiError } from "../load/loadResource";
import { language } from "../look/lookPreferences";
import { hasMachine, holdVisit, keepMachine } from "../platform/platformKiosk";
import * as kiosk from "./kioskCall";
import { clearPrinter } from "./kioskPrinter";

export type Screen = "pair" | "closed" | "welcome" | "visit" | "thanks";

const TICK_MS = 1000;
const BEAT_TICKS = 30;
const LOOK_TICKS = 5;
/** A code is renewed this long before it lapses, so that nobody scans a dying one. */
const RENEW_SECONDS = 5;
const STAY_MS = 10_000;
const THANKS_MS = 10_000;

/** One machine: paired, waiting with a code, a person's visit counted down, and cleared behind them. */
export function useKiosk() {
  const screen = ref<Screen>(hasMachine() ? "welcome" : "pair");
  const self = shallowRef<kiosk.Self | null>(null);
  const code = shallowRef<kiosk.Begun | null>(null);
  const title = ref("");
  const why = ref<kiosk.Visit["why"]>("");
  const isLost = ref(false);
  const now = ref(performance.now());
  const idleAt = ref(0);
  const overAt = ref(0);
  let [tick, stayedAt, timer, thanks, turn] = [0, 0, 0, 0, 0];
  let isAsking = false;

  const secondsLeft = (until: number): number => Math.max(0, Math.floor((until - now.value) / TICK_MS));
  const idleLeft = computed(() => secondsLeft(Math.min(idleAt.value, overAt.value)));

  function take(found: kiosk.Visit): void {
    const at = performance.now();
    idleAt.value = at + found.idle_seconds * TICK_MS;
    overAt.value = at + found.seconds * TICK_MS;
  }

  /** Does something of the machine; what the server refuses leads to the screen that says so. */
  async function ask(work: () => Promise<void>): Promise<void> {
    const mine = turn;
    isAsking = true;
    try {
      await work();
      isLost.value = false;
    } catch (failure) {
      if (mine === turn) refused(asApiError(failure));
    } finally {
      isAsking = false;
    }
  }

  function refused(error: ApiError): void {
    const of = error.problem.code;
    if (error.isOffline || error.status >= 500) isLost.value = true;
    else if (of === "channels.kiosk_not_paired") unpair();
    else if (of === "channels.kiosk_closed") void closed();
    else if (of === "channels.visit_over") over("over");
  }

  function unpair(): void {
    clear();
    keepMachine(null);
    screen.value = "pair";
  }

  async function closed(): Promise<void> {
    clear();
    self.value = await kiosk.beat().catch(() => self.value);
    screen.value = "closed";
  }

  function clear(): void {
    turn += 1;
    holdVisit("");
    clearPrinter();
    [code.value, title.value] = [null, ""];
    window.clearTimeout(thanks);
  }

  async function welcome(): Promise<void> {
    clear();
    language.value = "zh";
    screen.value = "welcome";
    await ask(async () => {
      self.value = await kiosk.beat();
      if (self.value.closed) return closed();
      await renew();
    });
  }

  async function renew(): Promise<void> {
    const mine = turn;
    const made = await kiosk.begin();
    if (mine !== turn) return;
    holdVisit(made.secret);
    code.value = made;
    overAt.value = performance.now() + made.seconds * TICK_MS;
  }

  async function look(): Promise<void> {
    const mine = turn;
    const found = await kiosk.look();
    if (mine !== turn) return;
    if (found.state === "ended") return screen.value === "visit" ? over(found.why) : renew();
    if (found.state !== "open") return;
    take(found);
    if (screen.value === "visit") return;
    [title.value, screen.value, stayedAt] = [found.title, "visit", performance.now()];
  }

  function over(reason: kiosk.Visit["why"]): void {
    if (screen.value !== "visit") return;
    clear();
    why.value = reason;
    screen.value = "thanks";
    thanks = window.setTimeout(() => void welcome(), THANKS_MS);
  }

  /** The person goes: the server first learns of it, the screen is cleared whatever it answers. */
  async function finish(reason: kiosk.Visit["why"] = "finished"): Promise<void> {
    const gone = kiosk.leave().catch(() => undefined);
    over(reason);
    await gone;
  }

  async function stay(isSure = false): Promise<void> {
    const at = performance.now();
    if (screen.value !== "visit" || (!isSure && at - stayedAt < STAY_MS)) return;
    stayedAt = at;
    await ask(async () => take(await kiosk.stay()));
  }

  function onTick(): void {
    now.value = performance.now();
    tick += 1;
    if (screen.value === "visit" && idleLeft.value === 0)
      return void finish(overAt.value <= now.value ? "over" : "idle");
    if (isAsking || screen.value === "pair" || screen.value === "thanks") return;
    if (tick % BEAT_TICKS === 0 || (isLost.value && tick % LOOK_TICKS === 0)) return void ask(report);
    if (screen.value === "welcome" && (!code.value || secondsLeft(overAt.value) <= RENEW_SECONDS)) void ask(renew);
    else if (screen.value === "welcome" || (screen.value === "visit" && tick % LOOK_TICKS === 0)) void ask(look);
  }

  async function report(): Promise<void> {
    self.value = await kiosk.beat();
    if (self.value.closed && screen.value === "welcome") await closed();
    if (!self.value.closed && screen.value === "closed") await welcome();
  }

  const onTouch = (): void => void stay();
  onMounted(() => {
    if (hasMachine()) void welcome();
    timer = window.setInterval(onTick, TICK_MS);
    window.addEventListener("pointerdown", onTouch);
    window.addEventListener("keydown", onTouch);
  });
  onBeforeUnmount(() => {
    clear();
    window.clearInterval(timer);
    window.removeEventListener("pointerdown", onTouch);
    window.removeEventListener("keydown", onTouch);
  });

  /** Pairs this machine. Rejects with ApiError when the code is wrong. */
  async function pair(typed: string): Promise<void> {
    const made = await kiosk.pair(typed);
    keepMachine(made.secret);
    await welcome();
  }

  const wholeLeft = computed(() => secondsLeft(overAt.value));
  return { screen, self, code, title, why, isLost, idleLeft, wholeLeft, pair, welcome, finish, stay, refused };
}

export type KioskState = ReturnType<typeof useKiosk>;
