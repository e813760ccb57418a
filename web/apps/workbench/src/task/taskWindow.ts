import { computed, onBeforeUnmount, onMounted, ref, watch, type ComputedRef, type Ref } from "vue";

/** The rows that are drawn, and the heights of those that are not. */
export interface Drawn {
  first: number;
  last: number;
  before: number;
  after: number;
}

const SPARE = 8;

/** Of many rows of one height, those in view and a few more on both sides; `last` is not drawn. */
export function windowOf(top: number, height: number, row: number, total: number): Drawn {
  const first = Math.min(Math.max(Math.floor(top / row) - SPARE, 0), total);
  const last = Math.min(Math.max(Math.ceil((top + height) / row) + SPARE, first), total);
  return { first, last, before: first * row, after: (total - last) * row };
}

/** Where to scroll so that a row is whole in view; the present place when it is. `head` covers the upper edge. */
export function scrolledTo(place: number, top: number, height: number, row: number, head: number): number {
  const from = place * row;
  if (from < top) return from;
  const lowest = from + row + head - height;
  return lowest > top ? lowest : top;
}

/** Follows a scrolling box: which rows are drawn, and bringing one into view. */
export function useWindow(box: Ref<HTMLElement | null>, total: Ref<number>, row: Ref<number>, head: Ref<number>) {
  const top = ref(0);
  const height = ref(800);
  const look = (): void => {
    if (box.value) [top.value, height.value] = [box.value.scrollTop, box.value.clientHeight];
  };
  const observer = new ResizeObserver(look);
  onMounted(() => {
    watch(
      box,
      (now, before) => {
        before?.removeEventListener("scroll", look);
        observer.disconnect();
        now?.addEventListener("scroll", look, { passive: true });
        if (now) observer.observe(now);
        look();
      },
      { immediate: true },
    );
  });
  onBeforeUnmount(() => {
    box.value?.removeEventListener("scroll", look);
    observer.disconnect();
  });

  const drawn: ComputedRef<Drawn> = computed(() => windowOf(top.value, height.value, row.value, total.value));
  function show(place: number): void {
    if (!box.value) return;
    box.value.scrollTop = scrolledTo(place, box.value.scrollTop, box.value.clientHeight, row.value, head.value);
    look();
  }
  return { drawn, show };
}
