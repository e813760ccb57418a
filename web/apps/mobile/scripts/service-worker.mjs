/** Writes sw.js beside the finished H5 build: the shell is kept for offline starts; nothing under /api/ ever is. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

const root = 'dist/build/h5'
/** Installed at once; the rest of the build is kept when it is first used. */
const SHELL = /^(index\.html|assets\/(index|first-screen|uni)[^/]*\.(js|css)|static\/mark\.svg)$/

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(path) : [path]
  })
}

const files = filesBelow(root)
  .filter((file) => !file.endsWith('sw.js'))
  .sort()
const digest = createHash('sha256')
for (const file of files) digest.update(file).update(readFileSync(file))
const version = digest.digest('hex').slice(0, 12)
const names = files.map((file) => relative(root, file).split(sep).join('/'))
const shell = ['./', ...names.filter((name) => SHELL.test(name) && name !== 'index.html').map((name) => `./${name}`)]
const later = names.filter((name) => /\.(js|css|svg)$/.test(name)).map((name) => `./${name}`)

const worker = `const VERSION = 'shell-${version}'
const SHELL = ${JSON.stringify(shell)}
const LATER = ${JSON.stringify(later)}
self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(VERSION).then((cache) => cache.addAll(SHELL)).then(() => self.skipWaiting()))
})
self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith('shell-') && name !== VERSION).map((name) => caches.delete(name))))
      .then(() => self.clients.claim())
      .then(() => caches.open(VERSION))
      .then((cache) => Promise.all(LATER.map((name) => cache.match(name).then((kept) => kept || cache.add(name).catch(() => undefined)))))
  )
})
self.addEventListener('fetch', (event) => {
  const { request } = event
  const address = new URL(request.url)
  if (request.method !== 'GET' || address.origin !== location.origin) return
  const place = new URL(self.registration.scope).pathname
  const inside = address.pathname.slice(place.length)
  if (!address.pathname.startsWith(place) || /^(api|verify|workbench|metrics|healthz|readyz|sandbox)(\\/|$)/.test(inside)) return
  if (request.mode === 'navigate') {
    if (inside !== '' && inside !== 'index.html') return
    event.respondWith(fetch(request).catch(() => caches.match('./')))
    return
  }
  event.respondWith(caches.match(request).then((kept) => kept || fetch(request)))
})
self.addEventListener('push', (event) => {
  let told = {}
  try {
    told = event.data ? event.data.json() : {}
  } catch {
    told = {}
  }
  const text = (value, longest) => (typeof value === 'string' ? value.slice(0, longest) : '')
  const shown = { body: text(told.body, 300), icon: './static/icon-192.png', badge: './static/icon-192.png', data: { link: text(told.link, 600) } }
  event.waitUntil(self.registration.showNotification(text(told.title, 100) || '掌税', shown))
})
self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(open(event.notification.data?.link))
})
async function open(link) {
  const home = new URL(self.registration.scope)
  let place = home
  try {
    const asked = new URL(link || '', home)
    if (asked.origin === home.origin && asked.pathname === home.pathname) place = asked
  } catch {
    place = home
  }
  const windows = await clients.matchAll({ type: 'window', includeUncontrolled: true })
  const ours = windows.find((one) => new URL(one.url).pathname === home.pathname)
  if (!ours) return clients.openWindow(place.href)
  await ours.focus().catch(() => undefined)
  return ours.navigate(place.href)
}
self.addEventListener('pushsubscriptionchange', (event) => {
  const key = event.oldSubscription?.options.applicationServerKey
  if (key) event.waitUntil(self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }))
})
`
writeFileSync(join(root, 'sw.js'), worker)
console.log(`sw.js ${version}: ${shell.length} files at once, ${later.length} in all`)
