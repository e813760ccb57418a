/** The body of every refusal: what happened, what to do, which fields. */
export interface Problem {
  code: string;
  text: string;
  hint: string;
  fields: Record<string, unknown>;
  trace_id: string;
}

/** A refusal by the server, or (status 0) no answer at all. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(`${status} ${problem.code}: ${problem.text}`);
  }

  /** No answer came: offline, or the server is out of reach. Whether an act took place is unknown. */
  get isOffline(): boolean {
    return this.status === 0;
  }

  /** The session is over or was never there. */
  get isSignedOut(): boolean {
    return this.status === 401;
  }
}

/** The problem used when no answer came; screens word it in the reader's language by its code. */
export const UNREACHABLE: Problem = { code: "network.unreachable", text: "", hint: "", fields: {}, trace_id: "" };

/** Reads a refusal's body; a proxy's HTML page becomes a problem without words rather than an exception. */
export function readProblem(status: number, body: string): Problem {
  const found = parse(body);
  return {
    code: text(found.code) || `http.${status}`,
    text: text(found.text),
    hint: text(found.hint),
    fields: isRecord(found.fields) ? found.fields : {},
    trace_id: text(found.trace_id),
  };
}

function parse(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
