import { ApiError, readProblem, UNREACHABLE } from "@palmtax/api";
import { language } from "../look/lookPreferences";
import { accessToken, renewSession } from "./platformSession";

const ENDED = 401;

/** Fetches a file as the officer who is signed in; a session that ran out is renewed once. Rejects with ApiError. */
export async function readFile(path: string): Promise<Blob> {
  let answer = await send(path);
  if (answer.status === ENDED && (await renewSession())) answer = await send(path);
  if (!answer.ok) throw new ApiError(answer.status, readProblem(answer.status, await answer.text()));
  return answer.blob();
}

async function send(path: string): Promise<Response> {
  const headers = {
    Authorization: `Bearer ${accessToken() ?? ""}`,
    "X-Channel": "workbench",
    "Accept-Language": language.value,
  };
  try {
    return await fetch(path, { headers, credentials: "same-origin" });
  } catch {
    throw new ApiError(0, UNREACHABLE);
  }
}
