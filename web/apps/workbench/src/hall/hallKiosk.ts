import type { Answer } from "@palmtax/api";
import { CircleCheck, CircleDashed, CircleAlert, Ban } from "@lucide/vue";
import type { Face } from "../look/lookStates";
import { t } from "../look/lookWords";
import { call } from "../platform/platformClient";

const OF_HALL = "/api/channels/kiosks/halls/{office_code}";
export type Kiosk = Answer<typeof OF_HALL, "get">[number];
export type KioskCode = Answer<typeof OF_HALL, "post">;
export interface KioskForm {
  name: string;
  name_en: string;
  place: string;
  place_en: string;
}

export const readKiosks = (office_code: string): Promise<Kiosk[]> => call("get", OF_HALL, { path: { office_code } });
export const registerKiosk = (office_code: string, body: KioskForm): Promise<KioskCode> =>
  call("post", OF_HALL, { path: { office_code }, body });
export const newCode = ({ office_code, kiosk_id }: Kiosk): Promise<KioskCode> =>
  call("post", `${OF_HALL}/{kiosk_id}/pairing`, { path: { office_code, kiosk_id } });
export const revokeKiosk = ({ office_code, kiosk_id }: Kiosk, reason: string): Promise<Kiosk> =>
  call("post", `${OF_HALL}/{kiosk_id}/revocation`, { path: { office_code, kiosk_id }, body: { reason } });

const FACES = {
  new: ["note", CircleDashed],
  online: ["good", CircleCheck],
  silent: ["quiet", CircleDashed],
  revoked: ["quiet", Ban],
  ok: ["good", CircleCheck],
  out: ["wait", CircleAlert],
  jam: ["wait", CircleAlert],
} as const;

/** How a machine, or its printer, stands. */
export function kioskFace(state: Kiosk["state"] | Kiosk["paper"]): Face {
  const [tone, icon] = FACES[state];
  return { tone, icon, word: t(`kiosk.state_${state}`) };
}
