/// <reference types="vite/client" />
declare module '*.vue' {
  import type { DefineComponent } from 'vue'
  const component: DefineComponent<object, object, unknown>
  export default component
}

/** Origin of the API, fixed at build time; empty in the browser: the page's own origin. */
declare const __API_BASE__: string
/** The day of the build, for the about page. */
declare const __BUILT_ON__: string
