import type { Answer, Schemas } from "@palmtax/api";
import { call } from "../platform/platformClient";

type Path = "/api/partners/desk/applications";
export type PartnerPage = Answer<Path, "get">;
export type PartnerRow = PartnerPage["applications"][number];
export type Partner = Answer<`${Path}/{application_id}`, "get">;
export type NewPartner = Answer<Path, "post">;
export type PartnerScope = Answer<"/api/partners/desk/scopes", "get">[number];
export const STATES = ["review", "live", "sandbox", "suspended"] as const;
export type PartnerState = (typeof STATES)[number];

/** A page of applications, those that changed last first. */
export const readPartners = (state: PartnerState | "", q: string, cursor: string | null): Promise<PartnerPage> =>
  call("get", "/api/partners/desk/applications", {
    query: { state: state || undefined, q, cursor: cursor ?? undefined, limit: 50 },
  });

export const readScopes = (): Promise<PartnerScope[]> => call("get", "/api/partners/desk/scopes");

/** Registers an application; the answer holds its secret, this once. */
export const register = (body: Schemas["RegisterIn"]): Promise<NewPartner> =>
  call("post", "/api/partners/desk/applications", { body });

const of = (id: string) => ({ path: { application_id: id } });

export const readPartner = (id: string): Promise<Partner> =>
  call("get", "/api/partners/desk/applications/{application_id}", of(id));
export const sendToReview = (id: string): Promise<Partner> =>
  call("post", "/api/partners/desk/applications/{application_id}/review", of(id));
export const approve = (id: string): Promise<Partner> =>
  call("post", "/api/partners/desk/applications/{application_id}/approval", of(id));
export const sendBack = (id: string, reason: string): Promise<Partner> =>
  call("post", "/api/partners/desk/applications/{application_id}/return", { ...of(id), body: { reason } });
export const suspend = (id: string, reason: string): Promise<Partner> =>
  call("post", "/api/partners/desk/applications/{application_id}/suspension", { ...of(id), body: { reason } });
