import { ref } from "vue";
import { ApiError, createClient, fetchTransport, readProblem, UNREACHABLE } from "@palmtax/api";
import { language } from "../look/lookPreferences";
import { keep, readKept } from "./platformStorage";

/** What the machine proves itself with; the only thing a kiosk keeps. */
const machine = ref(readKept<string>("kiosk") ?? "");
/** What opens the visit on the screen: in memory only, gone with the visit. */
let visit = "";

/** Whether this machine was paired with a hall. */
export const hasMachine = (): boolean => machine.value !== "";

/** Keeps the machine's secret; null forgets it. */
export function keepMachine(secret: string | null): void {
  machine.value = secret ?? "";
  keep("kiosk", secret);
}

/** Holds the visit's secret until the next one; "" forgets it. */
export function holdVisit(secret: string): void {
  visit = secret;
}

const headers = (): Record<string, string> => ({
  "X-Kiosk": machine.value,
  "X-Kiosk-Visit": visit,
  "Accept-Language": language.value,
});

/** A kiosk's way to the server: no session, the machine's secret and the visit's. */
export const { call } = createClient({ base: "", transport: fetchTransport, headers });

/** Fetches a paper of the visitor. Rejects with ApiError. */
export async function readPaper(path: string): Promise<Blob> {
  let answer: Response;
  try {
    answer = await fetch(path, { headers: headers(), credentials: "same-origin", cache: "no-store" });
  } catch {
    throw new ApiError(0, UNREACHABLE);
  }
  if (!answer.ok) throw new ApiError(answer.status, readProblem(answer.status, await answer.text()));
  return answer.blob();
}
