export { address, createClient } from "./client";
export type { Answer, Args, Client, ClientOptions, Method, PathsWith, Schemas, UploadArgs } from "./client";
export { ApiError, readProblem, UNREACHABLE } from "./problem";
export type { Problem } from "./problem";
export { renewing } from "./renewal";
export type { Renewal } from "./renewal";
export { fetchTransport } from "./transport";
export type { HttpRequest, HttpResponse, Transport, Upload } from "./transport";
export type { components, operations, paths } from "./schema";
