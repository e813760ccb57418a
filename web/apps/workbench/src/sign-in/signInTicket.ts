import { onBeforeUnmount, onMounted, ref, type Ref } from "vue";
import { ApiError, type Schemas } from "@palmtax/api";
import { call } from "../platform/platformClient";

type State = Schemas["SignInTicketState"]["state"] | "asking" | "unreachable";

const EVERY_MS = 1500;

/** A QR ticket on the screen: asked for, polled until the phone confirms, and asked for anew on request. */
export function useTicket(onSession: (session: Schemas["SessionOut"]) => void): {
  state: Ref<State>;
  ticket: Ref<Schemas["SignInTicketOut"] | null>;
  askAgain: () => Promise<void>;
} {
  const state = ref<State>("asking");
  const ticket = ref<Schemas["SignInTicketOut"] | null>(null);
  let timer = 0;
  let turn = 0;

  async function askAgain(): Promise<void> {
    const mine = ++turn;
    window.clearTimeout(timer);
    [state.value, ticket.value] = ["asking", null];
    try {
      const given = await call("post", "/api/identity/sign-in-tickets");
      if (mine !== turn) return;
      [state.value, ticket.value] = ["waiting", given];
      timer = window.setTimeout(() => void poll(given, mine), EVERY_MS);
    } catch {
      if (mine === turn) state.value = "unreachable";
    }
  }

  async function poll(given: Schemas["SignInTicketOut"], mine: number): Promise<void> {
    const answer = await look(given);
    if (mine !== turn) return;
    if (answer) state.value = answer.state;
    if (answer?.session) return onSession(answer.session);
    const isOver = answer !== null && ["confirmed", "refused", "expired"].includes(answer.state);
    if (!isOver) timer = window.setTimeout(() => void poll(given, mine), EVERY_MS);
  }

  onMounted(() => void askAgain());
  onBeforeUnmount(() => {
    turn += 1;
    window.clearTimeout(timer);
  });
  return { state, ticket, askAgain };
}

/** Where the ticket is; null when no answer came, which is worth another try. */
async function look(given: Schemas["SignInTicketOut"]): Promise<Schemas["SignInTicketState"] | null> {
  try {
    return await call("get", "/api/identity/sign-in-tickets/{ticket_id}", {
      path: { ticket_id: given.ticket_id },
      query: { poll_secret: given.poll_secret },
    });
  } catch (error) {
    const isGone = error instanceof ApiError && [404, 409, 410].includes(error.status);
    return isGone ? { state: "expired", session: null } : null;
  }
}
