/** The server's answers about campaigns and audiences. */
import type { Answer, Args } from "@palmtax/api";
import { call } from "../platform/platformClient";

export type Campaign = Answer<"/api/insight/campaigns/{campaign_id}", "get">;
export type CampaignState = Campaign["state"];
export type CampaignLine = Answer<"/api/insight/campaigns", "get">["campaigns"][number];
export type CampaignIn = Args<"/api/insight/campaigns", "post">["body"];
export type Audience = CampaignIn["audience"];
export type Group = NonNullable<Audience["groups"]>[number];
export type Condition = Group["conditions"][number];
export type Setup = Answer<"/api/insight/campaign-setup", "get">;
export type Tag = Setup["tags"][number];
export type Preview = Answer<"/api/insight/audiences/preview", "post">;
export type Sample = Answer<"/api/insight/campaigns/{campaign_id}/sample", "get">;
export type Segment = Answer<"/api/insight/segments", "get">[number];
export type Purpose = Campaign["purpose"];
export type Act = "pause" | "resumption" | "stop" | "submission" | "decision";

const ONE = "/api/insight/campaigns/{campaign_id}";

export const readSetup = (): Promise<Setup> => call("get", "/api/insight/campaign-setup");
export const refreshTags = () => call("post", "/api/insight/tags/refresh");
export const readPreview = (audience: Audience, purpose: Purpose): Promise<Preview> =>
  call("post", "/api/insight/audiences/preview", { body: { audience, purpose } });
export const readSegments = (): Promise<Segment[]> => call("get", "/api/insight/segments");
export const saveSegment = (name: string, audience: Audience, purpose: Purpose): Promise<Segment> =>
  call("post", "/api/insight/segments", { body: { name, audience, purpose } });
export const changeSegment = (one: Segment, audience: Audience, purpose: Purpose): Promise<Segment> =>
  call("post", "/api/insight/segments/{segment_id}/versions", {
    path: { segment_id: one.segment_id },
    body: { name: one.name, audience, purpose, version: one.version },
  });
export const readCampaigns = (state: CampaignState | "", cursor: string | null) =>
  call("get", "/api/insight/campaigns", { query: { cursor, state: state || null } });
export const readCampaign = (campaign_id: string): Promise<Campaign> => call("get", ONE, { path: { campaign_id } });
export const readSample = (campaign_id: string): Promise<Sample> =>
  call("get", `${ONE}/sample`, { path: { campaign_id } });
export const writeCampaign = (body: CampaignIn): Promise<Campaign> => call("post", "/api/insight/campaigns", { body });
export const rewriteCampaign = (campaign_id: string, version: number, body: CampaignIn): Promise<Campaign> =>
  call("put", ONE, { path: { campaign_id }, body: { ...body, version } });
export const submitCampaign = (campaign_id: string, version: number): Promise<Campaign> =>
  call("post", `${ONE}/submission`, { path: { campaign_id }, body: { version } });
export const decideCampaign = (
  campaign_id: string,
  version: number,
  is_agreed: boolean,
  words: string,
): Promise<Campaign> => call("post", `${ONE}/decision`, { path: { campaign_id }, body: { version, is_agreed, words } });
export const pauseCampaign = (campaign_id: string): Promise<Campaign> =>
  call("post", `${ONE}/pause`, { path: { campaign_id } });
export const resumeCampaign = (campaign_id: string): Promise<Campaign> =>
  call("post", `${ONE}/resumption`, { path: { campaign_id } });
export const stopCampaign = (campaign_id: string, words: string): Promise<Campaign> =>
  call("post", `${ONE}/stop`, { path: { campaign_id }, body: { words } });
export const reportPath = (campaign_id: string): string => `/api/insight/campaigns/${campaign_id}/report`;
