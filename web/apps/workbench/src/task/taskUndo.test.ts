import { describe, expect, it } from "vitest";
import type { Task } from "./taskTypes";
import { undoOf } from "./taskUndo";

const task = (case_id: string, claimed_by: number | null, is_mine = false) =>
  ({ case_id, claimed_by, is_mine }) as Task;
const all = new Set(["a", "b", "c", "d"]);

describe("undoOf", () => {
  it("gives back what was taken, but not what one had before", () => {
    expect(undoOf("claim", [task("a", null), task("b", 1, true)], all)).toEqual([
      { act: "return", tasks: [task("a", null)] },
    ]);
  });

  it("gives assigned tasks back to who had them, and the free ones to the queue", () => {
    const steps = undoOf("assign", [task("a", null), task("b", 7), task("c", 8), task("d", 7)], all);
    expect(steps.map((step) => [step.act, step.tasks.map((one) => one.case_id).join("")])).toEqual([
      ["return", "a"],
      ["assign", "bd"],
      ["assign", "c"],
    ]);
    expect(steps[1]).toMatchObject({ personId: 7 });
  });

  it("leaves out what was refused, and a decision cannot be taken back", () => {
    expect(undoOf("claim", [task("x", null)], all)).toEqual([]);
    expect(undoOf("decide", [task("a", null)], all)).toEqual([]);
  });

  it("takes again what was given back", () => {
    expect(undoOf("return", [task("a", 1, true), task("b", 2)], all)).toEqual([
      { act: "claim", tasks: [task("a", 1, true)] },
    ]);
  });
});
