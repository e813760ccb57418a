import { computed, ref, watch, type ComputedRef, type Ref } from "vue";
import type { Task } from "./taskTypes";

/** Where the mark stands, and what is ticked. Both follow the tasks when the queue moves under them. */
export function usePlace(tasks: ComputedRef<Task[]>, openId: Ref<string>) {
  const current = ref<string | null>(null);
  const ticked = ref<Set<string>>(new Set());
  const lastPlace = ref(0);

  const place = computed(() => {
    const at = tasks.value.findIndex((task) => task.case_id === current.value);
    return at >= 0 ? at : Math.min(lastPlace.value, Math.max(tasks.value.length - 1, 0));
  });
  const task = computed<Task | null>(() => tasks.value[place.value] ?? null);
  const selected = computed(() => tasks.value.filter((one) => ticked.value.has(one.case_id)));

  // The mark follows what is open, however it was opened.
  watch([openId, tasks], ([id]) => id && tasks.value.some((one) => one.case_id === id) && mark(id), {
    immediate: true,
  });
  watch(tasks, (now) => {
    const known = new Set(now.map((one) => one.case_id));
    if ([...ticked.value].some((id) => !known.has(id)))
      ticked.value = new Set([...ticked.value].filter((id) => known.has(id)));
  });

  function mark(id: string): void {
    current.value = id;
    lastPlace.value = place.value;
  }
  function move(step: 1 | -1): number {
    const to = Math.min(Math.max(place.value + step, 0), Math.max(tasks.value.length - 1, 0));
    const next = tasks.value[to];
    if (next) mark(next.case_id);
    lastPlace.value = to;
    return to;
  }
  function toggle(one: Task): void {
    const next = new Set(ticked.value);
    if (!next.delete(one.case_id)) next.add(one.case_id);
    ticked.value = next;
  }
  const all = (isOn: boolean): void => void (ticked.value = new Set(isOn ? tasks.value.map((one) => one.case_id) : []));
  return { place, task, ticked, selected, move, mark, toggle, all };
}
