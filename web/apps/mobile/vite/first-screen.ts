import { fileURLToPath } from 'node:url'
import type { ManualChunkMeta, OutputBundle, OutputChunk } from 'rollup'
import type { HtmlTagDescriptor, Plugin } from 'vite'

/** The chunk that holds what a first visit shows. */
const NAME = 'first-screen'
const source = (path: string): string => fileURLToPath(new URL(`../src/${path}`, import.meta.url))
/** Where a first visit starts, and the two screens it can meet: the home (also the welcome) and the sign-in. */
const START = source('main.ts')
const SCREENS = [source('pages/home/index.vue'), source('pages/sign-in/index.vue')]

/**
 * Browser build only: the screens a first visit meets, with all they need, become one chunk beside the runtime, and the page
 * names it at once. Left alone they are thirty files of which the browser learns when the runtime has been loaded and has run.
 */
export function firstScreen(): Plugin {
  const members = new Set<string>()
  return {
    name: 'first-screen',
    apply: (_config, { command }) => command === 'build' && process.env.UNI_PLATFORM === 'h5',
    config: () => ({
      build: { rollupOptions: { output: { onlyExplicitManualChunks: true, manualChunks: (id, graph) => chunkOf(id, graph, members) } } },
    }),
    buildStart: () => members.clear(),
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle }) => (bundle ? preloads(bundle) : []),
    },
  }
}

function chunkOf(id: string, graph: ManualChunkMeta, members: Set<string>): string | undefined {
  if (!members.size) {
    const early = reachable([START], graph)
    for (const one of reachable(SCREENS, graph)) if (!early.has(one)) members.add(one)
  }
  return members.has(id) ? NAME : undefined
}

/** The modules that these import without waiting, themselves included. */
function reachable(starts: string[], graph: ManualChunkMeta): Set<string> {
  const found = new Set<string>()
  const open = [...graph.getModuleIds()].filter((id) => starts.includes(id.split('?')[0]!) && !id.includes('type='))
  if (open.length < starts.length) throw new Error(`first-screen: not in the build: ${starts.join(', ')}`)
  for (let id = open.pop(); id; id = open.pop()) {
    if (found.has(id)) continue
    found.add(id)
    open.push(...(graph.getModuleInfo(id)?.importedIds ?? []))
  }
  return found
}

function preloads(bundle: OutputBundle): HtmlTagDescriptor[] {
  const chunk = Object.values(bundle).find((file): file is OutputChunk => file.type === 'chunk' && file.name === NAME)
  if (!chunk) throw new Error('first-screen: the chunk is missing')
  const sheets = [...(chunk.viteMetadata?.importedCss ?? [])]
  return [
    { tag: 'link', attrs: { rel: 'modulepreload', crossorigin: true, href: `./${chunk.fileName}` }, injectTo: 'head' },
    ...sheets.map((name): HtmlTagDescriptor => ({
      tag: 'link',
      attrs: { rel: 'stylesheet', crossorigin: true, href: `./${name}` },
      injectTo: 'head',
    })),
  ]
}
