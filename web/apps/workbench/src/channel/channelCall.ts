import type { Answer } from "@palmtax/api";
import { call } from "../platform/platformClient";

export type Channel = Answer<"/api/channels", "get">["channels"][number];
export type Trouble = Channel["troubles"][number];
export type Switched = Answer<"/api/channels/{name}/switch", "post">;

export const readChannels = (): Promise<Channel[]> => call("get", "/api/channels").then((found) => found.channels);
export const switchChannel = (name: string, is_on: boolean, reason: string, part = ""): Promise<Switched> =>
  call("post", "/api/channels/{name}/switch", { path: { name }, body: { is_on, reason, part } });
