import type { Answer } from "@palmtax/api";
import { call } from "../platform/platformClient";

export type Hall = Answer<"/api/appointments/halls", "get">[number];
export type Screen = Answer<"/api/appointments/halls/{office_code}/screen", "get">;
export type Called = Answer<"/api/appointments/halls/{office_code}/calls", "post">;
export type Topic = Answer<"/api/appointments/topics", "get">[number];

export const readHalls = (branch: string): Promise<Hall[]> =>
  call("get", "/api/appointments/halls", { query: { branch } });
export const readTopics = (): Promise<Topic[]> => call("get", "/api/appointments/topics");
export const readScreen = (office_code: string): Promise<Screen> =>
  call("get", "/api/appointments/halls/{office_code}/screen", { path: { office_code } });

export const callNext = (
  office_code: string,
  window_no: number,
  desks: string[],
  last_was: "served" | "absent",
): Promise<Called> =>
  call("post", "/api/appointments/halls/{office_code}/calls", {
    path: { office_code },
    body: { window_no, desks, last_was },
  });

/** The requests for a day, topic by topic, without names: what anybody may see. */
export async function readBookings(office_code: string, topics: string[], day: string) {
  const orders = await Promise.all(
    topics.map(async (topic) => {
      const path = { office_code };
      const order = await call("get", "/api/appointments/halls/{office_code}/order", { path, query: { topic, day } });
      return order.arrivals.map((one) => ({ ...one, topic }));
    }),
  );
  return orders.flat();
}
