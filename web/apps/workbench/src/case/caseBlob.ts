import { onBeforeUnmount, shallowRef, watch, type Ref } from "vue";
import type { ApiError } from "@palmtax/api";
import { asApiError } from "../load/loadResource";
import { readFile } from "../platform/platformFile";

/** A file behind the session as an address the browser can show; it is given back when no longer shown. */
export function useBlob(path: Ref<string | null>) {
  const url = shallowRef<string | null>(null);
  const error = shallowRef<ApiError | null>(null);
  let latest = 0;

  function drop(): void {
    if (url.value) URL.revokeObjectURL(url.value);
    url.value = null;
  }
  async function load(): Promise<void> {
    const turn = ++latest;
    drop();
    error.value = null;
    if (!path.value) return;
    try {
      const blob = await readFile(path.value);
      if (turn === latest) url.value = URL.createObjectURL(blob);
    } catch (failure) {
      if (turn === latest) error.value = asApiError(failure);
    }
  }
  watch(path, () => void load(), { immediate: true });
  onBeforeUnmount(() => {
    latest += 1;
    drop();
  });
  return { url, error, reload: load };
}
