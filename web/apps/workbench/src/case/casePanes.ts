/** What can be looked at of a case. On a wide window the last three stand beside the first. */
export const PANES = ["application", "timeline", "notes", "history"] as const;
export type Pane = (typeof PANES)[number];
