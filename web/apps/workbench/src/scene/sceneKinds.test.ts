import { describe, expect, it } from "vitest";
import type { Scene } from "./sceneCall";
import { isDrawn, kindsOf, longestDays, mayStay, PAGES, placeOf, placeText, posterOf } from "./sceneKinds";

const WHICH = { matter: " FPGL-002 ", hall: "19901000000", hallName: "云汀市税务局（办税厅）" };
/** What the server takes (plumbing.wire.Place). */
const OURS = /^\/[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)+(\?[A-Za-z0-9_.=&%~-]*)?$/;

describe("codes with a scene", () => {
  it("open pages of ours, whatever was typed", () => {
    for (const page of PAGES) expect(placeOf(page, WHICH)).toMatch(OURS);
    expect(placeOf("matter", WHICH)).toBe("/matters/detail/index?code=FPGL-002");
    expect(placeOf("matter", { ...WHICH, matter: "x&evil=//a b" })).toBe("/matters/detail/index?code=x%26evil%3D%2F%2Fa%20b");
  });

  it("say where they lead as people read it", () => {
    expect(placeText(placeOf("hall", WHICH))).toContain("云汀市税务局（办税厅）");
    expect(placeText("/a/b?x=%zz")).toBe("/a/b?x=%zz");
  });

  it("are of the kinds that the platform makes", () => {
    expect(["wechat_oa", "wechat_mini", "wecom", "smtp"].map(kindsOf)).toEqual([["follow"], ["picture", "link"], ["contact"], []]);
    expect([longestDays("link"), mayStay("link"), mayStay("follow")]).toEqual([30, false, true]);
    expect((["follow", "picture"] as const).map((kind) => isDrawn({ kind } as Scene))).toEqual([true, false]);
  });

  it("are drawn with their words, which bring no tags", () => {
    const poster = posterOf({ address: "https://weixin.example/q/1", title: "到“<b>厅”办税", title_en: "A & B" });
    expect([...poster.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, words]) => words)).toEqual(["到“&#60;b&#62;厅”办税", "A &#38; B"]);
    expect(poster.match(/<svg /g)).toHaveLength(2);
    expect(poster).not.toContain("<b>");
    expect(posterOf({ address: "https://weixin.example/q/2", title: "", title_en: "" })).not.toBe(poster);
  });
});
