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
    | "nav.channels";
}

const PLACES: Place[] = [
  { scope: "cases.decide", to: "/tasks", word: "nav.tasks" },
  { scope: "cases.assign", to: "/board", word: "nav.board" },
  { scope: "cases.read", to: "/taxpayers", word: "nav.taxpayers" },
  { scope: "cases.read", to: "/process", word: "nav.process" },
  { scope: "appointments.serve", to: "/hall", word: "nav.hall" },
  { scope: "insight.read", to: "/insight", word: "nav.insight" },
  { scope: "law.read", to: "/law", word: "nav.law_desk" },
  { scope: "channels.read", to: "/channels", word: "nav.channels" },
];

/** The places that are open, in order. */
export function placesOf(may: (scope: string) => boolean): Place[] {
  return PLACES.filter((place) => may(place.scope));
}
