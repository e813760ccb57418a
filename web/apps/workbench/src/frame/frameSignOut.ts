import { router } from "../router";
import { call } from "../platform/platformClient";
import { endSession } from "../platform/platformSession";

/** Signs out here: the server forgets the session, and this browser does whether or not the server hears of it. */
export async function signOut(): Promise<void> {
  await call("delete", "/api/identity/sessions/current").catch(() => undefined);
  await router.replace({ name: "sign-in" });
  endSession();
}
