import uniModule from '@dcloudio/vite-plugin-uni'
import { defineConfig } from 'vite'
import { firstScreen } from './vite/first-screen'
import { noOutsideRequests } from './vite/no-outside-requests'

// The package is CommonJS; under "type": "module" its default export arrives wrapped.
const uni = (uniModule as unknown as { default?: typeof uniModule }).default ?? uniModule

export default defineConfig({
  plugins: [noOutsideRequests(), firstScreen(), uni()],
  define: {
    __API_BASE__: JSON.stringify(process.env.PALMTAX_API ?? ''),
    __BUILT_ON__: JSON.stringify(process.env.PALMTAX_BUILT_ON ?? ''),
  },
  server: { proxy: { '/api': process.env.PALMTAX_API ?? 'http://127.0.0.1:8000' } },
})
