import type { Answer } from "@palmtax/api";
import { call } from "../platform/platformClient";

type Path = "/api/partners/desk/features";
export type FeaturePage = Answer<Path, "get">;
export type FeatureRow = FeaturePage["features"][number];
export type Feature = Answer<`${Path}/{feature_id}`, "get">;
export const STATES = ["review", "listed", "checked", "draft", "suspended"] as const;
export type FeatureState = (typeof STATES)[number];

/** A page of features by their newest version, those that changed last first. */
export const readFeatures = (state: FeatureState | "", cursor: string | null): Promise<FeaturePage> =>
  call("get", "/api/partners/desk/features", {
    query: { state: state || undefined, cursor: cursor ?? undefined, limit: 50 },
  });

const of = (id: string) => ({ path: { feature_id: id } });

export const readFeature = (id: string): Promise<Feature> => call("get", "/api/partners/desk/features/{feature_id}", of(id));
export const handIn = (manifest: string): Promise<Feature> =>
  call("post", "/api/partners/desk/features", { body: { manifest, client_id: "" } });
export const check = (id: string): Promise<Feature> => call("post", "/api/partners/desk/features/{feature_id}/check", of(id));
export const ask = (id: string): Promise<Feature> => call("post", "/api/partners/desk/features/{feature_id}/review", of(id));
export const approve = (id: string): Promise<Feature> =>
  call("post", "/api/partners/desk/features/{feature_id}/approval", of(id));
export const sendBack = (id: string, reason: string): Promise<Feature> =>
  call("post", "/api/partners/desk/features/{feature_id}/return", { ...of(id), body: { reason } });
export const suspend = (id: string, reason: string): Promise<Feature> =>
  call("post", "/api/partners/desk/features/{feature_id}/suspension", { ...of(id), body: { reason } });
export const rollBack = (id: string, reason: string): Promise<Feature> =>
  call("post", "/api/partners/desk/features/{feature_id}/rollback", { ...of(id), body: { reason } });
