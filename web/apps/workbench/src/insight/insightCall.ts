/** The server's answers about studies. */
import type { Args } from "@palmtax/api";
import { call } from "../platform/platformClient";
import type { ParametersOfLaw, Study, StudyIn, TwinRow } from "./insightTypes";

type Body = Args<"/api/insight/studies", "post">["body"];

/** Which rows of a study are wanted, and in which order. */
export type SampleQuery = NonNullable<Args<"/api/insight/studies/{study_id}/rows", "get">["query"]>;

export const readPopulation = () => call("get", "/api/insight/population");

export const readLaws = () => call("get", "/api/insight/laws");

export const readParameters = async (code: string, on: string): Promise<ParametersOfLaw> =>
  (await call("get", "/api/insight/laws/{code}/parameters", { path: { code }, query: { on } })) as ParametersOfLaw;

export const readStudies = (state: Study["state"] | "", cursor: string | null) =>
  call("get", "/api/insight/studies", { query: { cursor, state: state || null } });

export const readStudy = async (study_id: string): Promise<Study> =>
  (await call("get", "/api/insight/studies/{study_id}", { path: { study_id } })) as Study;

export const startStudy = async (question: StudyIn, key: string): Promise<Study> =>
  (await call("post", "/api/insight/studies", {
    body: question as unknown as Body,
    headers: { "Idempotency-Key": key },
  })) as Study;

export const cancelStudy = async (study_id: string): Promise<Study> =>
  (await call("post", "/api/insight/studies/{study_id}/cancel", { path: { study_id } })) as Study;

export const readRows = (study_id: string, query: SampleQuery) =>
  call("get", "/api/insight/studies/{study_id}/rows", { path: { study_id }, query });

export const readRow = async (study_id: string, law: string, row: number): Promise<TwinRow> =>
  (await call("get", "/api/insight/studies/{study_id}/rows/{row}", {
    path: { study_id, row },
    query: { law },
  })) as TwinRow;
