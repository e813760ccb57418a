import { createApp } from "vue";
import "tdesign-vue-next/es/style/index.css";
import "@palmtax/ui/tokens.css";
import App from "./App.vue";
import { applyPreferences } from "./look/lookPreferences";
import { router } from "./router";
import "./base.css";

applyPreferences();
createApp(App).use(router).mount("#app");
