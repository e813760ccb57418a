import type { Answer } from "@palmtax/api";
import { call } from "../platform/platformClient";

export type Rooms = Answer<"/api/channels/rooms", "get">;
export type Room = Rooms["rooms"][number];
export type Mode = Room["mode"];

export const readRooms = (): Promise<Rooms> => call("get", "/api/channels/rooms");
export const switchRoom = (code: string, mode: Mode, people_a_minute: number, reason: string): Promise<boolean> =>
  call("post", "/api/channels/rooms/{code}/switch", { path: { code }, body: { mode, people_a_minute, reason } }).then(
    (done) => done.is_now,
  );
