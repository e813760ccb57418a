import { renderSVG } from "uqr";
import type { Scene } from "./sceneCall";

export type Kind = Scene["kind"];
/** What a code may open. `hall` and `matter` want to know which one. */
export const PAGES = ["home", "shelf", "matter", "offices", "hall", "calendar", "calculators"] as const;
export type Page = (typeof PAGES)[number];
const PLACES: Record<Exclude<Page, "hall" | "matter">, string> = {
  home: "/pages/home/index",
  shelf: "/matters/shelf/index",
  offices: "/appointments/offices/index",
  calendar: "/filing/calendar/index",
  calculators: "/calculators/list/index",
};
/** The kinds that a channel makes to be shown or printed, by its transport. */
const KINDS: Record<string, Kind[]> = { wechat_oa: ["follow"], wechat_mini: ["picture", "link"], wecom: ["contact"] };
/** The longest a platform lets them last, days; a link never lasts for good. */
const LONGEST_DAYS: Record<Kind, number> = { follow: 30, link: 30, scheme: 30, picture: 3650, contact: 3650 };

export const kindsOf = (transport: string): Kind[] => KINDS[transport] ?? [];
export const longestDays = (kind: Kind): number => LONGEST_DAYS[kind];
export const mayStay = (kind: Kind): boolean => kind !== "link" && kind !== "scheme";

/** The page of the app that a code is to open. */
export function placeOf(page: Page, which: { matter: string; hall: string; hallName: string }): string {
  if (page === "matter") return `/matters/detail/index?code=${encodeURIComponent(which.matter.trim())}`;
  if (page === "hall")
    return `/appointments/book/index?office=${which.hall}&topic=general&name=${encodeURIComponent(which.hallName)}`;
  return PLACES[page];
}

/** A page of the app for eyes: names in it stand as they are read. */
export function placeText(place: string): string {
  try {
    return decodeURIComponent(place);
  } catch {
    return place;
  }
}

/** Whether the code is drawn here; a mini-program code and one of WeCom are pictures of the platform. */
export const isDrawn = (one: Scene): boolean => one.kind === "follow" || one.kind === "link";

const plain = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** The code with its words below, sharp at any size; a QR code of ours, to print. */
export function posterOf(one: Pick<Scene, "address" | "title" | "title_en">): string {
  const code = renderSVG(one.address, { border: 2, ecc: "M", blackColor: "#14213d", whiteColor: "#ffffff" });
  const inside = code.replace("<svg ", '<svg x="40" y="40" width="520" height="520" ');
  const words = [
    `<text x="300" y="624" text-anchor="middle" font-size="38" font-weight="600">${plain(one.title)}</text>`,
    `<text x="300" y="672" text-anchor="middle" font-size="24">${plain(one.title_en)}</text>`,
  ];
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 720" width="1200" height="1440" font-family="sans-serif" fill="#14213d">' +
    `<rect width="600" height="720" fill="#ffffff"/>${inside}${words.join("")}</svg>`
  );
}
