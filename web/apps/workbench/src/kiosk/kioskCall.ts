import type { Answer } from "@palmtax/api";
import { call, readPaper } from "../platform/platformKiosk";
import { freshKey } from "../platform/platformKey";

const KIOSKS = "/api/channels/kiosks";
export type Self = Answer<`${typeof KIOSKS}/beat`, "post">;
export type Begun = Answer<`${typeof KIOSKS}/visits`, "post">;
export type Visit = Answer<`${typeof KIOSKS}/visit`, "get">;
export type Paper = Answer<`${typeof KIOSKS}/visit/papers`, "get">[number];
export type Outcome = "done" | "no_paper" | "jammed";

export const pair = (code: string) => call("post", `${KIOSKS}/pairing`, { body: { code } });
export const beat = (): Promise<Self> => call("post", `${KIOSKS}/beat`);
export const begin = (): Promise<Begun> => call("post", `${KIOSKS}/visits`);
export const look = (): Promise<Visit> => call("get", `${KIOSKS}/visit`);
export const stay = (): Promise<Visit> => call("post", `${KIOSKS}/visit/stay`);
export const leave = () => call("delete", `${KIOSKS}/visit`);
export const readPapers = (): Promise<Paper[]> => call("get", `${KIOSKS}/visit/papers`);
export const readPdf = ({ source, paper_id }: Paper): Promise<Blob> =>
  readPaper(`${KIOSKS}/visit/papers/${source}/${paper_id}/pdf`);
export const newPrint = freshKey;
export const startPrint = (print_id: string, { source, paper_id }: Paper, copies: number) =>
  call("put", `${KIOSKS}/visit/prints/{print_id}`, { path: { print_id }, body: { source, paper_id, copies } });
export const tellPrint = (print_id: string, result: Outcome, printed: number) =>
  call("post", `${KIOSKS}/visit/prints/{print_id}/result`, { path: { print_id }, body: { result, printed } });
