import { onBeforeUnmount, onMounted } from "vue";

/** Does some work every so often while somebody looks at the page, and at once when they come back to it. */
export function useEvery(everyMs: number, work: () => void): void {
  let timer = 0;
  const look = (): void => void (document.visibilityState === "visible" && work());
  onMounted(() => {
    timer = window.setInterval(look, everyMs);
    document.addEventListener("visibilitychange", look);
  });
  onBeforeUnmount(() => {
    window.clearInterval(timer);
    document.removeEventListener("visibilitychange", look);
  });
}
