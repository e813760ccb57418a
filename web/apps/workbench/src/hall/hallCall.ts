import type { Answer } from "@palmtax/api";
import { call } from "../platform/platformClient";

const HALL = "/api/appointments/halls/{office_code}";
export type Hall = Answer<"/api/appointments/halls", "get">[number];
export type Screen = Answer<`${typeof HALL}/screen`, "get">;
export type Called = Answer<`${typeof HALL}/calls`, "post">;
export type Topic = Answer<"/api/appointments/topics", "get">[number];
export type HallDay = Answer<`${typeof HALL}/visits`, "get">;
export type Visit = HallDay["visits"][number];
export type Plan = Answer<`${typeof HALL}/plan`, "get">;
export type Ending = "served" | "absent";

export const readHalls = (branch: string): Promise<Hall[]> =>
  call("get", "/api/appointments/halls", { query: { branch } });
export const readTopics = (): Promise<Topic[]> => call("get", "/api/appointments/topics");
export const readScreen = (office_code: string): Promise<Screen> =>
  call("get", `${HALL}/screen`, { path: { office_code } });
export const readDay = (office_code: string, day: string): Promise<HallDay> =>
  call("get", `${HALL}/visits`, { path: { office_code }, query: { day } });

export const callNext = (office_code: string, window_no: number, desks: string[], last_was: Ending): Promise<Called> =>
  call("post", `${HALL}/calls`, { path: { office_code }, body: { window_no, desks, last_was } });
export const arrive = (office_code: string, booking_id: string) =>
  call("post", `${HALL}/bookings/{booking_id}/check-in`, { path: { office_code, booking_id } });
export const endTicket = (office_code: string, ticket_id: string, how: Ending) =>
  call("post", `${HALL}/tickets/{queue_ticket_id}/ending`, {
    path: { office_code, queue_ticket_id: ticket_id },
    body: { how },
  });
export const undoEnding = (office_code: string, ticket_id: string) =>
  call("delete", `${HALL}/tickets/{queue_ticket_id}/ending`, { path: { office_code, queue_ticket_id: ticket_id } });

export const readPlan = (office_code: string): Promise<Plan> => call("get", `${HALL}/plan`, { path: { office_code } });
export interface PlanBody {
  windows: Record<string, number>;
  places: Record<string, number>;
  hours: [string, string][] | null;
}
export const savePlan = (office_code: string, body: PlanBody): Promise<Plan> =>
  call("put", `${HALL}/plan`, { path: { office_code }, body });
