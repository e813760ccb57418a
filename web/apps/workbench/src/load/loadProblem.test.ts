import { describe, expect, it, vi } from "vitest";
import { ApiError, UNREACHABLE } from "@palmtax/api";
import { problemWords } from "./loadProblem";

vi.mock("../look/lookWords", async () => {
  const { zh } = await import("../words/zh");
  return { t: (key: keyof typeof zh) => zh[key] };
});

const refused = (status: number, code: string, text: string, hint = "") =>
  problemWords(new ApiError(status, { code, text, hint, fields: {}, trace_id: "" }));

describe("what a refusal says to an officer", () => {
  it("speaks of posts where the server speaks of legal representatives", () => {
    const words = refused(
      403,
      "plumbing.not_allowed",
      "当前身份没有办理此事项的权限",
      "请切换身份，或请法定代表人、财务负责人授权",
    );
    expect(words).toEqual({ title: "当前岗位没有这项权限", hint: "请切换岗位，或联系主管申请权限。" });
  });
  it("leaves every other refusal in the server's own words", () => {
    expect(refused(403, "plumbing.step_up", "请再核实一次身份", "输入验证码")).toEqual({
      title: "请再核实一次身份",
      hint: "输入验证码",
    });
    expect(refused(403, "http.403", "").title).toBe("当前岗位没有这项权限");
  });
  it("says that no answer came", () => {
    expect(problemWords(new ApiError(0, UNREACHABLE)).title).not.toBe("");
  });
});
