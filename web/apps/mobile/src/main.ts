import { createSSRApp } from 'vue'
import App from './App.vue'
import { startBrowser } from './platform/browser'

/** uni-app calls this once, in the browser and in the mini program. */
export function createApp() {
  startBrowser()
  return { app: createSSRApp(App) }
}
