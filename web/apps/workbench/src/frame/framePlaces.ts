import { countDead } from "../dead-letter/deadLetterCall";

/** The main places of the workbench, and the scope that opens each. */
export interface Place {
  scope: string;
  to: string;
  word:
    | "nav.tasks"
    | "nav.board"
    | "nav.process"
    | "nav.hall"
    | "nav.taxpayers"
    | "nav.insight"
    | "nav.law_desk"
    | "nav.channels"
    | "nav.campaigns"
    | "nav.waiting"
    | "nav.partners"
    | "nav.features"
    | "nav.dead_letters";
  /** How many wait there. */
  count?: () => Promise<number>;
}

const PLACES: Place[] = [
  { scope: "cases.decide", to: "/tasks", word: "nav.tasks" },
  { scope: "cases.assign", to: "/board", word: "nav.board" },
  { scope: "cases.read", to: "/taxpayers", word: "nav.taxpayers" },
  { scope: "cases.read", to: "/process", word: "nav.process" },
  { scope: "appointments.serve", to: "/hall", word: "nav.hall" },
  { scope: "insight.read", to: "/insight", word: "nav.insight" },
  { scope: "law.read", to: "/law", word: "nav.law_desk" },
  { scope: "insight.push", to: "/campaigns", word: "nav.campaigns" },
  { scope: "channels.read", to: "/channels", word: "nav.channels" },
  { scope: "channels.read", to: "/waiting", word: "nav.waiting" },
  { scope: "partners.read", to: "/partners", word: "nav.partners" },
  { scope: "partners.read", to: "/features", word: "nav.features" },
  { scope: "messaging.rescue", to: "/dead-letters", word: "nav.dead_letters", count: countDead },
];

/** The places that are open, in order. */
export function placesOf(may: (scope: string) => boolean): Place[] {
  return PLACES.filter((place) => may(place.scope));
}
