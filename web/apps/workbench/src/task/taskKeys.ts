import type { ComputedRef, Ref } from "vue";
import { useKeys } from "../frame/frameKeys";
import { may } from "../platform/platformSession";
import type { BulkWork } from "./taskBulk";
import { VIEWS, type Criteria } from "./taskCriteria";
import type { BulkAct, Task } from "./taskTypes";

interface Given {
  bar: Ref<{ focus: () => void } | null>;
  bulk: BulkWork;
  task: ComputedRef<Task | null>;
  selected: ComputedRef<Task[]>;
  isOpen: ComputedRef<boolean>;
  move: (step: 1 | -1) => void;
  open: (task: Task) => void;
  toggle: (task: Task) => void;
  all: (isOn: boolean) => void;
  change: (some: Partial<Criteria>) => void;
}

/** The queue by keyboard alone. What an open task understands itself, it is asked first. */
export function useTaskKeys(given: Given): void {
  const { bulk, task, selected } = given;

  /** Ticked tasks are looked at before anything happens; the one under the mark is done at once, and can be undone. */
  function act(what: BulkAct): void | false {
    const scope = what === "assign" ? "cases.assign" : "cases.decide";
    if (!may(scope)) return false;
    const one = task.value;
    if (selected.value.length) return bulk.begin(what, selected.value);
    if (!one || given.isOpen.value) return false;
    if (what === "assign") return bulk.begin(what, [one]);
    if (what === "decide") return given.open(one);
    if (what === "claim" && one.claimed_by !== null) return false;
    void bulk.perform(what, [one]);
  }

  function escape(): void | false {
    if (bulk.act.value) return bulk.cancel();
    if (selected.value.length) return given.all(false);
    return false;
  }

  useKeys({
    j: () => given.move(1),
    k: () => given.move(-1),
    ArrowDown: () => given.move(1),
    ArrowUp: () => given.move(-1),
    Enter: () => (task.value ? given.open(task.value) : false),
    "/": () => given.bar.value?.focus(),
    x: () => (task.value ? given.toggle(task.value) : false),
    c: () => act("claim"),
    r: () => act("return"),
    a: () => act("assign"),
    e: () => act("decide"),
    u: () => (bulk.told.value?.undo.length ? void bulk.undo() : false),
    Escape: escape,
    ...Object.fromEntries(
      VIEWS.map((view, at) => [String(at + 1), () => (given.isOpen.value ? false : given.change({ view }))]),
    ),
  });
}
