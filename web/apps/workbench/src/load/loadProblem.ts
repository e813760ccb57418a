import type { ApiError } from "@palmtax/api";
import { t } from "../look/lookWords";

/** The server speaks of this one to taxpayers: of legal representatives, not of posts. */
const NOT_ALLOWED = "plumbing.not_allowed";

/** What happened and what to do, in the reader's language; the server's own words come first. */
export function problemWords(error: ApiError): { title: string; hint: string } {
  const { code, text, hint } = error.problem;
  if (error.isOffline) return { title: t("problem.offline"), hint: t("problem.offline_hint") };
  if (text && code !== NOT_ALLOWED) return { title: text, hint };
  if (error.status === 403) return { title: t("problem.not_allowed"), hint: t("problem.not_allowed_hint") };
  if (error.status === 404) return { title: t("problem.not_found"), hint: t("problem.not_found_hint") };
  if (error.status === 429) return { title: t("problem.too_many"), hint: t("problem.too_many_hint") };
  return { title: t("problem.server"), hint: t("problem.server_hint") };
}
