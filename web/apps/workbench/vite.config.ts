import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

/** Where `npm run dev` finds the API. */
const server = process.env.PALMTAX_URL ?? "http://127.0.0.1:8000";

export default defineConfig({
  base: "/workbench/",
  plugins: [vue()],
  resolve: { dedupe: ["vue"] },
  server: { proxy: { "/api": server } },
  preview: { proxy: { "/api": server } },
  build: { target: "es2022", chunkSizeWarningLimit: 400, sourcemap: false },
});
