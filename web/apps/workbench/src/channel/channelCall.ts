import type { Answer } from "@palmtax/api";
import { call } from "../platform/platformClient";

export type Channel = Answer<"/api/channels", "get">["channels"][number];
export type Trouble = Channel["troubles"][number];
export type Switched = Answer<"/api/channels/{name}/switch", "post">;
export type Overview = Answer<"/api/channels/figures", "get">;
export type Sums = Overview["channels"][number]["now"];
export type Pair = Overview["channels"][number];
export type Funnel = Overview["funnel"][number];
export type Entry = Answer<"/api/channels/entries", "get">[number];
export type Figures = Answer<"/api/channels/{name}/figures", "get">;
export type Point = Figures["points"][number];
export type Code = Figures["codes"][number];
export type PartOf = Figures["matters"][number];
export type Sample = Answer<"/api/channels/{name}/samples", "get">[number];
export type Subject = Answer<"/api/channels/journeys", "get">["subjects"][number];
export type Budget = Answer<"/api/channels/budgets", "get">["budgets"][number];
export type Alert = Answer<"/api/channels/alerts", "get">["alerts"][number];
export type Notices = Answer<"/api/channels/incidents", "get">;
export type Notice = Notices["incidents"][number];
export type Period = Overview["period"];

/** What figures are cut by; empty texts cut nothing. */
export interface Cut {
  period: Period;
  matter?: string;
  office?: string;
}
/** A notice as it is written. */
export interface Written {
  services: string[];
  title: string;
  title_en: string;
  text: string;
  text_en: string;
  window?: { starts_at: string; ends_at: string } | null;
}
/** What is said of a notice, and where it stands then. */
export interface Said {
  version: number;
  state: Notice["state"];
  text: string;
  text_en: string;
}

export const readChannels = (): Promise<Channel[]> => call("get", "/api/channels").then((found) => found.channels);
export const switchChannel = (name: string, is_on: boolean, reason: string, part = ""): Promise<Switched> =>
  call("post", "/api/channels/{name}/switch", { path: { name }, body: { is_on, reason, part } });
export const readOverview = (cut: Cut): Promise<Overview> => call("get", "/api/channels/figures", { query: cut });
export const readEntries = (cut: Cut): Promise<Entry[]> =>
  call("get", "/api/channels/entries", { query: { period: cut.period, office: cut.office ?? "" } });
export const readFigures = (name: string, cut: Cut): Promise<Figures> =>
  call("get", "/api/channels/{name}/figures", { path: { name }, query: cut });
export const readSamples = (name: string, code: string, period: Period): Promise<Sample[]> =>
  call("get", "/api/channels/{name}/samples", { path: { name }, query: { code, period } });
export const readJourneys = (): Promise<Subject[]> =>
  call("get", "/api/channels/journeys").then((found) => found.subjects);
export const readBudgets = (): Promise<Answer<"/api/channels/budgets", "get">> => call("get", "/api/channels/budgets");
export const readAlerts = (): Promise<Alert[]> => call("get", "/api/channels/alerts").then((found) => found.alerts);
export const acknowledge = (alert_id: string): Promise<Alert> =>
  call("post", "/api/channels/alerts/{alert_id}/acknowledgement", { path: { alert_id } });
export const readNotices = (): Promise<Notices> => call("get", "/api/channels/incidents");
export const publishNotice = (body: Written): Promise<Answer<"/api/channels/incidents", "post">> =>
  call("post", "/api/channels/incidents", { body });
export const sayOf = (incident_id: string, body: Said): Promise<Notice> =>
  call("post", "/api/channels/incidents/{incident_id}/notes", { path: { incident_id }, body });
export const readRollback = (name: string): Promise<Answer<"/api/channels/{name}/rollback", "get">> =>
  call("get", "/api/channels/{name}/rollback", { path: { name } });
export const rollBack = (name: string): Promise<Answer<"/api/channels/{name}/rollback", "post">> =>
  call("post", "/api/channels/{name}/rollback", { path: { name } });
export const exportPath = (cut: Cut, format: "xlsx" | "csv"): string =>
  `/api/channels/figures/export?${new URLSearchParams({ ...cut, format }).toString()}`;
