import {
  Ban,
  Bot,
  CircleAlert,
  CircleCheck,
  CircleDashed,
  Clock,
  Globe,
  History,
  Hourglass,
  Landmark,
  Inbox,
  MessageSquareText,
  Monitor,
  Plug,
  Printer,
  RotateCcw,
  Smartphone,
  UserCheck,
  Users,
} from "@lucide/vue";
import type { Component } from "vue";
import { wordFor } from "./lookWords";

export type Tone = "good" | "wait" | "seal" | "note" | "quiet" | "primary";

/** How a state or a channel looks and what it is called. */
export interface Face {
  tone: Tone;
  icon: Component;
  word: string;
}

type Drawn = [Tone, Component];

const UNKNOWN: Drawn = ["quiet", CircleDashed];

const FACES: Record<string, Record<string, Drawn>> = {
  status: { normal: ["good", CircleCheck], suspended: ["wait", Hourglass], closed: ["quiet", Ban] },
  payment_state: {
    nothing_due: ["quiet", CircleCheck],
    unpaid: ["seal", CircleAlert],
    paying: ["wait", Hourglass],
    paid: ["good", CircleCheck],
    refund_due: ["note", RotateCcw],
  },
  return_state: { accepted: ["good", CircleCheck], superseded: ["quiet", History], void: ["quiet", Ban] },
  order_state: {
    created: ["wait", Clock],
    paying: ["wait", Hourglass],
    paid: ["good", CircleCheck],
    expired: ["quiet", History],
    cancelled: ["quiet", Ban],
  },
  refund_state: { asked: ["wait", Hourglass], done: ["good", CircleCheck], failed: ["seal", CircleAlert] },
  case_state: {
    open: ["note", Inbox],
    claimed: ["primary", UserCheck],
    waiting: ["wait", Hourglass],
    second: ["note", Users],
    closed: ["quiet", CircleCheck],
  },
  case_outcome: { yes: ["good", CircleCheck], no: ["seal", Ban] },
  confidence: {
    law: ["good", Landmark],
    secondary: ["note", MessageSquareText],
    own: ["quiet", CircleDashed],
    uncertain: ["wait", CircleAlert],
  },
  channel: {
    miniprogram: ["good", MessageSquareText],
    h5: ["note", Globe],
    app: ["primary", Smartphone],
    workbench: ["wait", Monitor],
    api: ["quiet", Plug],
    system: ["quiet", Bot],
    gov_wechat: ["wait", MessageSquareText],
    wecom: ["wait", MessageSquareText],
    kiosk: ["note", Printer],
  },
};

/** The face of a state of an area: `faceOf("order_state", "paid")`. */
export function faceOf(area: string, code: string): Face {
  const [tone, icon] = FACES[area]?.[code] ?? UNKNOWN;
  return { tone, icon, word: wordFor(area, code) };
}

/** The channels an act can come through, in the order of the filter. */
export const CHANNELS = ["miniprogram", "h5", "app", "workbench", "api", "system", "gov_wechat", "wecom", "kiosk"] as const;
