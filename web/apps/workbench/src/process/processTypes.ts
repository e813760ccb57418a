/** The shapes of process analytics, from the API document. */
import type { Answer } from "@palmtax/api";

export type Analytics = Answer<"/api/matters/analytics", "get">;
export type Matter = Analytics["matters"][number];
export type Question = Matter["questions"][number];
export type Worst = Analytics["worst"][number];
