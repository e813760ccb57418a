import { describe, expect, it } from "vitest";
import { mentionsIn, withName, wordAt } from "./caseMention";

describe("wordAt", () => {
  it("is the word after @ before the caret", () => {
    expect(wordAt("请 @苏", 4)).toBe("苏");
    expect(wordAt("请 @", 3)).toBe("");
  });

  it("is nothing without @, after a space, or far behind", () => {
    expect(wordAt("请看一下", 4)).toBeNull();
    expect(wordAt("@苏*晴 请看", 6)).toBeNull();
    expect(wordAt("@这是一句很长很长没有空格的话啊", 16)).toBeNull();
  });
});

it("puts a name in place of the word, and the caret behind it", () => {
  expect(withName("请 @苏 核对", 4, "苏*晴")).toEqual({ text: "请 @苏*晴 核对", caret: 7 });
});

it("mentions whose names still stand, each once", () => {
  const su = { personId: 1, name: "苏*晴" };
  const lu = { personId: 2, name: "陆*远" };
  expect(mentionsIn("@苏*晴 请核对", [su, lu, su])).toEqual([su]);
});
