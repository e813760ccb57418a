import type { components, paths } from "./schema";
import { ApiError, readProblem, UNREACHABLE } from "./problem";
import type { HttpRequest, HttpResponse, Transport, Upload } from "./transport";

/** Every shape on the wire, by its name in the API document. */
export type Schemas = components["schemas"];

/** The methods of HTTP that the API uses. */
export type Method = "get" | "post" | "put" | "patch" | "delete";

/** The paths that answer a method. */
export type PathsWith<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never;
}[keyof paths];

type Operation<P extends keyof paths, M extends Method> = M extends keyof paths[P] ? paths[P][M] : never;

type JsonOf<T> = T extends { content: { "application/json": infer J } } ? J : undefined;

/** What a successful call answers. */
export type Answer<P extends keyof paths, M extends Method> =
  Operation<P, M> extends { responses: infer R }
    ? { [S in keyof R]: S extends 200 | 201 | 202 | 204 ? JsonOf<R[S]> : never }[keyof R]
    : never;

type Given<T, K extends string> = T extends { parameters: infer X } ? (K extends keyof X ? X[K] : never) : never;

type Part<T, K extends string> = [Exclude<Given<T, K>, undefined>] extends [never]
  ? { [k in K]?: undefined }
  : Record<string, never> extends Exclude<Given<T, K>, undefined>
    ? { [k in K]?: Exclude<Given<T, K>, undefined> }
    : { [k in K]: Exclude<Given<T, K>, undefined> };

type BodyPart<T> = T extends { requestBody: { content: { "application/json": infer B } } }
  ? { body: B }
  : T extends { requestBody?: { content: { "application/json": infer B } } }
    ? { body?: B }
    : { body?: undefined };

/** What a call takes: `path` and `query` as the API document says, `body` as JSON, `bytes` for a piece of a file, extra `headers`. */
export type Args<P extends keyof paths, M extends Method> = Part<Operation<P, M>, "path"> &
  Part<Operation<P, M>, "query"> &
  BodyPart<Operation<P, M>> & { headers?: Record<string, string>; bytes?: ArrayBuffer };

type Rest<T> = Record<string, never> extends T ? [args?: T] : [args: T];

/** What a client needs to know. */
export interface ClientOptions {
  /** Origin, without a slash at the end; '' for the page's own. */
  base: string;
  transport: Transport;
  /** Asked anew for every request: authorisation, language, channel. */
  headers?: () => Record<string, string>;
}

/** What an upload takes. */
export interface UploadArgs {
  file: Blob | string;
  fileName: string;
  fields?: Record<string, string>;
  partName?: string;
  headers?: Record<string, string>;
}

/** The typed client: `call('get', '/api/filing/home')`. */
export interface Client {
  call<M extends Method, P extends PathsWith<M>>(method: M, path: P, ...args: Rest<Args<P, M>>): Promise<Answer<P, M>>;
  /** Sends a file by multipart POST. */
  upload<P extends PathsWith<"post">>(path: P, args: UploadArgs): Promise<Answer<P, "post">>;
}

interface LooseArgs {
  path?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
  bytes?: ArrayBuffer;
  headers?: Record<string, string>;
}

/** Makes a client over a transport. Calls reject with ApiError and with nothing else. */
export function createClient(options: ClientOptions): Client {
  async function send(request: Omit<HttpRequest, "url" | "headers">, path: string, headers: Record<string, string>) {
    const url = options.base + path;
    return read(await carry(options.transport, { ...request, url, headers: { ...options.headers?.(), ...headers } }));
  }

  async function call(method: Method, path: string, args: LooseArgs = {}): Promise<unknown> {
    const body = args.body === undefined ? undefined : JSON.stringify(args.body);
    const headers = {
      Accept: "application/json",
      ...(body && { "Content-Type": "application/json" }),
      ...(args.bytes && { "Content-Type": "application/octet-stream" }),
      ...args.headers,
    };
    return send(
      { method: method.toUpperCase(), body, ...(args.bytes && { bytes: args.bytes }) },
      address(path, args.path, args.query),
      headers,
    );
  }

  async function upload(path: string, args: UploadArgs): Promise<unknown> {
    const { file, fileName, fields = {}, partName = "file" } = args;
    const part: Upload = { file, fileName, fields, partName };
    return send({ method: "POST", upload: part }, path, { Accept: "application/json", ...args.headers });
  }

  // The two functions are loose inside and exact outside: the types above are drawn from the API document.
  return { call, upload } as unknown as Client;
}

/** Fills `{names}` of a path and appends the query; null and undefined members are left out. */
export function address(
  path: string,
  names: Record<string, unknown> = {},
  query: Record<string, unknown> = {},
): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (names[name] === undefined) throw new TypeError(`${path} needs path.${name}`);
    return encodeURIComponent(String(names[name]));
  });
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
  return pairs.length ? `${filled}?${pairs.join("&")}` : filled;
}

async function carry(transport: Transport, request: HttpRequest): Promise<HttpResponse> {
  try {
    return await transport(request);
  } catch {
    throw new ApiError(0, UNREACHABLE);
  }
}

function read(response: HttpResponse): unknown {
  if (response.status >= 400 || response.status < 200) {
    throw new ApiError(response.status, readProblem(response.status, response.body));
  }
  if (!response.body) return undefined;
  try {
    return JSON.parse(response.body) as unknown;
  } catch {
    throw new ApiError(response.status, { ...UNREACHABLE, code: "http.not_json" });
  }
}
