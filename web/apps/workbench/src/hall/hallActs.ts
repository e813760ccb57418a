import { ref, shallowRef } from "vue";
import type { ApiError } from "@palmtax/api";
import { asApiError } from "../load/loadResource";
import { t } from "../look/lookWords";
import { arrive, endTicket, undoEnding, type Ending, type Visit } from "./hallCall";

/** Something that was noted, in words; `undo`: the ticket whose ending can be taken back. */
export interface Told {
  text: string;
  undo: string | null;
}

/** Taking note of who is here, who was served, who did not come; and taking that back. */
export function useActs(office: () => string, changed: () => Promise<unknown>) {
  const busy = ref("");
  const error = shallowRef<ApiError | null>(null);
  const told = shallowRef<Told | null>(null);

  async function act(name: string, work: () => Promise<Told>): Promise<boolean> {
    if (busy.value) return false;
    [busy.value, error.value, told.value] = [name, null, null];
    try {
      told.value = await work();
      return true;
    } catch (failure) {
      error.value = asApiError(failure);
      return false;
    } finally {
      await changed();
      busy.value = "";
    }
  }

  const end = (ticket: string, how: Ending): Promise<boolean> =>
    act(ticket, async () => {
      const ended = await endTicket(office(), ticket, how);
      return { text: t("hall.ended", { ticket: ended.ticket_no, how: t(`hall.${how}`) }), undo: ticket };
    });
  const undo = (ticket: string): Promise<boolean> =>
    act(ticket, async () => {
      const back = await undoEnding(office(), ticket);
      return { text: t("hall.undone", { ticket: back.ticket_no }), undo: null };
    });
  const isHere = (booking: string): Promise<boolean> =>
    act(booking, async () => {
      const { ticket_no } = await arrive(office(), booking);
      return { text: t("hall.arrived", { ticket: ticket_no }), undo: null };
    });

  /** What a button of a visit does. */
  function run(visit: Visit, doing: Visit["may"][number]): Promise<boolean> {
    if (doing === "arrive") return isHere(visit.booking_id ?? "");
    return doing === "undo" ? undo(visit.ticket_id ?? "") : end(visit.ticket_id ?? "", doing);
  }

  return { busy, error, told, end, undo, run };
}

export type Acts = ReturnType<typeof useActs>;
