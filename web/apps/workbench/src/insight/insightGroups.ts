import type { Group } from "./insightTypes";

/** By which column groups are ordered; null as they came. A change is ordered by its size, whichever way it goes. */
export type Order = { by: "rows" | "before_fen" | "delta_fen" | "winners" | "losers"; isDown: boolean } | null;

/** The groups in order; equal ones stay as they came. */
export function ordered(groups: Group[], order: Order): Group[] {
  if (!order) return groups;
  const size = (group: Group): number => {
    if (order.by === "delta_fen") return Math.abs(group.delta_fen);
    // How large a part of the group, for that is what the column shows.
    if (order.by === "winners" || order.by === "losers") return group.rows ? group[order.by] / group.rows : 0;
    return group[order.by];
  };
  const way = order.isDown ? -1 : 1;
  return [...groups].sort((one, other) => way * Math.sign(size(one) - size(other)));
}
