import type { Plugin } from 'vite'

const CDN_IMAGE = /url\(["']?https:\/\/cdn\.dcloud[^)]*\)/g
const REPORT_ADDRESS = /https:\/\/[\w.]*dcloud\.net\.cn[\w/.-]*/g

/** The uni-app runtime names the maker's own hosts for shadows and reports; our pages ask nobody but our server. */
export function noOutsideRequests(): Plugin {
  return {
    name: 'no-outside-requests',
    apply: 'build',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === 'asset' && file.fileName.endsWith('.css')) {
          file.source = String(file.source).replace(CDN_IMAGE, 'none')
        }
        if (file.type === 'chunk') file.code = file.code.replace(REPORT_ADDRESS, '')
      }
    },
  }
}
