/** A small server for the workbench without the real one: the built pages, and the mock API over an invented town. */
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { makeApi } from "./api.js";
import { buildTown } from "./town.js";

const DIST =
  process.env.PALMTAX_WORKBENCH_DIST ??
  path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../../apps/workbench/dist");
const KINDS = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** Starts it; gives the address and a way to stop it. */
export async function startMock({ port = 0, delayMs = 0, ...given } = {}) {
  const api = makeApi(buildTown(), given);
  const server = http.createServer((request, response) => void answer(api, request, response, delayMs));
  await new Promise((ready) => server.listen(port, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    api,
    stop: () => new Promise((done) => (server.closeAllConnections(), server.close(done))),
  };
}

async function answer(api, request, response, delayMs) {
  const url = new URL(request.url, "http://mock");
  if (url.pathname.startsWith("/workbench")) return page(url.pathname, response);
  if (delayMs) await new Promise((wake) => setTimeout(wake, delayMs));
  try {
    send(response, 200, await run(api, request, url));
  } catch (refusal) {
    if (!refusal.status) console.error(refusal);
    send(
      response,
      refusal.status ?? 500,
      refusal.body ?? { code: "mock.fault", text: String(refusal), hint: "", fields: {}, trace_id: "" },
    );
  }
}

async function run({ routes, state, refuse }, request, url) {
  for (const [method, pattern, handler, open] of routes) {
    const match = request.method === method && pattern.exec(url.pathname);
    if (!match) continue;
    const session = state.access.get((request.headers.authorization ?? "").replace("Bearer ", ""));
    if (!open && !session) refuse(401, "identity.session_ended", "登录已结束", "请重新登录。");
    const text = await bodyOf(request);
    return handler(match, {
      query: url.searchParams,
      body: text ? JSON.parse(text) : null,
      headers: request.headers,
      session,
    });
  }
  return refuse(404, "http.404", "没有这个地址");
}

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
}

function page(pathname, response) {
  const wanted = path.join(DIST, pathname.replace(/^\/workbench\/?/, ""));
  const file =
    wanted.startsWith(DIST) && fs.existsSync(wanted) && fs.statSync(wanted).isFile()
      ? wanted
      : path.join(DIST, "index.html");
  response.writeHead(200, { "content-type": KINDS[path.extname(file)] ?? "application/octet-stream" });
  fs.createReadStream(file).pipe(response);
}

function send(response, status, body) {
  if (Buffer.isBuffer(body?.bytes)) {
    response.writeHead(status, { "content-type": body.type, "cache-control": "private, no-store" });
    return void response.end(body.bytes);
  }
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" });
  response.end(body === undefined ? "" : JSON.stringify(body));
}
