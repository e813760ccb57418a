import type { Answer, Schemas } from "@palmtax/api";
import { call } from "../platform/platformClient";

export type Scene = Answer<"/api/channels/{name}/scenes", "get">["scenes"][number];
export type Hall = Answer<"/api/appointments/halls", "get">[number];
export type NewScene = Schemas["SceneIn"];

export type ScenePage = Answer<"/api/channels/{name}/scenes", "get">;
export type OfficeSum = ScenePage["by_office"][number];

export const readScenes = (name: string, before: string | null, office: string): Promise<ScenePage> =>
  call("get", "/api/channels/{name}/scenes", { path: { name }, query: { ...(before && { before }), ...(office && { office }) } });
export const makeScene = (name: string, body: NewScene): Promise<Scene> =>
  call("post", "/api/channels/{name}/scenes", { path: { name }, body });
export const endScene = (name: string, scene: string): Promise<void> =>
  call("delete", "/api/channels/{name}/scenes/{scene}", { path: { name, scene } });
export const readHalls = (): Promise<Hall[]> => call("get", "/api/appointments/halls");
export const picturePath = (name: string, scene: string): string => `/api/channels/${name}/scenes/${scene}/picture`;
