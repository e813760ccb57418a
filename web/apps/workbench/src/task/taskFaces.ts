import { CircleAlert, CircleCheck, Clock } from "@lucide/vue";
import type { Component } from "vue";
import type { Tone } from "../look/lookStates";
import { t } from "../look/lookWords";
import type { Task } from "./taskTypes";

const SHAPES: Record<Task["colour"], Component> = { good: CircleCheck, wait: Clock, seal: CircleAlert };

/** How much time a task has left, as a word, a shape and a colour. */
export function dueFace(task: Pick<Task, "days_left" | "colour">): { tone: Tone; icon: Component; word: string } {
  return { tone: task.colour, icon: SHAPES[task.colour], word: dueWords(task.days_left) };
}

/** Working days left, in words. */
export function dueWords(days: number): string {
  if (days < 0) return t(days === -1 ? "task.day_late" : "task.days_late", { count: -days });
  return days === 0 ? t("task.days_today") : t(days === 1 ? "task.day_left" : "task.days_left", { count: days });
}
