import { ref, type Ref } from "vue";

/** Whether the browser believes it has a network. */
export const isOnline: Ref<boolean> = ref(navigator.onLine);

window.addEventListener("online", () => (isOnline.value = true));
window.addEventListener("offline", () => (isOnline.value = false));
