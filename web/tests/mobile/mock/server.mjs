/**
 * A small stand-in for the API: the routes of the taxpayer's journey with the state of one shop in memory.
 * For pictures and for running the front ends alone (`node server.mjs --port 8100 --web <H5 build>`); tests of the
 * journey run on the real server. POST /mock/scenario {name, scale, lose} sets the stage. With `--api <address>` it only
 * serves the build and hands /api on to a real server.
 */
import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { dirname, extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createGzip } from 'node:zlib'
import { routes } from './routes.mjs'
import { newState } from './state.mjs'

const KINDS = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
}
const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; frame-ancestors 'none'"

/** Starts the mock; resolves with its address and a way to end it. */
export function startMock({ port = 0, web = '', api = '' } = {}) {
  const world = { state: newState(), asked: [] }
  const server = createServer((request, response) => {
    if (api && request.url.startsWith('/api/')) void handOn(api, request, response)
    else void answer(world, web, request, response)
  })
  return new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () => {
      const address = `http://127.0.0.1:${server.address().port}`
      resolve({ address, world, close: () => new Promise((done) => (server.closeAllConnections(), server.close(done))) })
    })
  })
}

async function answer(world, web, request, response) {
  const address = new URL(request.url, 'http://mock')
  if (!address.pathname.startsWith('/api/') && !address.pathname.startsWith('/mock/')) return serveFile(web, address, request, response)
  const raw = await readRaw(request)
  const body = parsed(raw)
  if (world.state.down && address.pathname.startsWith('/api/')) return request.socket.destroy()
  world.asked.push({ method: request.method, path: address.pathname, body, headers: request.headers })
  if (isLapsed(world.state, address.pathname, request.headers))
    return send(response, 401, {
      code: 'identity.session_ended',
      text: '登录已经到期。',
      hint: '请重新登录。',
      fields: {},
      trace_id: 'mock',
    })
  for (const [method, pattern, handle] of routes) {
    const found = method === request.method && pattern.exec(address.pathname)
    if (!found) continue
    const [status, value] = await handle({
      world,
      state: world.state,
      body,
      query: address.searchParams,
      ids: found.slice(1),
      headers: request.headers,
      raw,
    })
    if (typeof value === 'function') return value(request, response)
    if (status === 0) return request.socket.destroy()
    return send(response, status, value)
  }
  return send(response, 404, { code: 'http.404', text: '没有这个地址', hint: '', fields: {}, trace_id: 'mock' })
}

/** With the lever `lapsed`, tokens given out before it was pulled are no longer good; with `dead` none can be renewed. */
function isLapsed(state, path, headers) {
  if (!state.lapsed || path.startsWith('/mock/')) return false
  if (path.endsWith('/sessions/refresh')) return Boolean(state.dead)
  if (/sms-codes|sessions\/(sms|wechat)$/.test(path)) return false
  state.lapsedAt ??= state.tokens
  return Number(/access-(\d+)/.exec(headers.authorization ?? '')?.[1] ?? 0) <= state.lapsedAt
}

async function handOn(api, request, response) {
  const pieces = []
  for await (const piece of request) pieces.push(piece)
  const { host, connection, ...headers } = request.headers
  const body = pieces.length ? Buffer.concat(pieces) : undefined
  const answered = await fetch(api + request.url, { method: request.method, headers, body })
  response.writeHead(answered.status, { 'Content-Type': answered.headers.get('content-type') ?? 'text/plain' })
  response.end(Buffer.from(await answered.arrayBuffer()))
}

function send(response, status, value) {
  if (Buffer.isBuffer(value)) {
    response.writeHead(status, { 'Content-Type': value[0] === 0x89 ? 'image/png' : 'application/pdf' })
    return response.end(value)
  }
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' })
  return response.end(value === undefined ? '' : JSON.stringify(value))
}

async function readRaw(request) {
  const pieces = []
  for await (const piece of request) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** JSON where it is JSON, text where it is not; pieces of files are only counted. */
function parsed(raw) {
  const text = raw.length > 20_000 ? '' : raw.toString('utf8')
  try {
    return text ? JSON.parse(text) : null
  } catch {
    return text
  }
}

function serveFile(web, address, request, response) {
  const path = normalize(decodeURIComponent(address.pathname)).replace(/^(\.\.[/\\])+/, '')
  const file = join(web || '.', path.endsWith('/') ? `${path}index.html` : path)
  if (!web || !existsSync(file) || !statSync(file).isFile()) {
    response.writeHead(404)
    return response.end()
  }
  const kind = KINDS[extname(file)] ?? 'application/octet-stream'
  const zipped = /text|javascript|css|svg/.test(kind) && /gzip/.test(request.headers['accept-encoding'] ?? '')
  response.writeHead(200, { 'Content-Type': kind, 'Content-Security-Policy': POLICY, ...(zipped && { 'Content-Encoding': 'gzip' }) })
  const stream = createReadStream(file)
  return zipped ? stream.pipe(createGzip()).pipe(response) : stream.pipe(response)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const option = (name, otherwise) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : otherwise)
  const here = dirname(fileURLToPath(import.meta.url))
  const mock = await startMock({
    port: Number(option('--port', '8100')),
    api: option('--api', ''),
    web: option('--web', join(here, '../../../apps/mobile/dist/build/h5')),
  })
  console.log(mock.address)
}
