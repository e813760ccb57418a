/** The server's answers about studies. */
import { call } from "../platform/platformClient";
import type {
  Population,
  SamplePage,
  StudiedLaw,
  StudiedParameter,
  Study,
  StudyIn,
  StudyLine,
  TwinRow,
} from "./insightTypes";

type Send = (method: "get" | "post", path: string, args?: object) => Promise<unknown>;
const send = call as unknown as Send;

export interface SampleQuery {
  law: string;
  order: "loss" | "gain" | "row";
  change?: string;
  decile?: string;
  city?: string;
  industry?: string;
  band?: string;
  cursor?: string | null;
}

export const readPopulation = () => send("get", "/api/insight/population") as Promise<Population>;

export const readLaws = () => send("get", "/api/insight/laws") as Promise<StudiedLaw[]>;

export const readParameters = (code: string, on: string) =>
  send("get", "/api/insight/laws/{code}/parameters", { path: { code }, query: { on } }) as Promise<{
    law: string;
    title: string;
    title_en: string;
    on: string;
    parameters: StudiedParameter[];
  }>;

export const readStudies = (state: string, cursor: string | null) =>
  send("get", "/api/insight/studies", { query: { cursor, state: state || null } }) as Promise<{
    studies: StudyLine[];
    next_cursor: string | null;
  }>;

export const readStudy = (study_id: string) =>
  send("get", "/api/insight/studies/{study_id}", { path: { study_id } }) as Promise<Study>;

export const startStudy = (body: StudyIn, key: string) =>
  send("post", "/api/insight/studies", { body, headers: { "Idempotency-Key": key } }) as Promise<Study>;

export const cancelStudy = (study_id: string) =>
  send("post", "/api/insight/studies/{study_id}/cancel", { path: { study_id } }) as Promise<Study>;

export const readRows = (study_id: string, query: SampleQuery) =>
  send("get", "/api/insight/studies/{study_id}/rows", { path: { study_id }, query }) as Promise<SamplePage>;

export const readRow = (study_id: string, law: string, row: number) =>
  send("get", "/api/insight/studies/{study_id}/rows/{row}", {
    path: { study_id, row },
    query: { law },
  }) as Promise<TwinRow>;
