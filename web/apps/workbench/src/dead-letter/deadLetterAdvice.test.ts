import { expect, test } from "vitest";
import { zh } from "../words/zh";
import { adviceFor } from "./deadLetterAdvice";

test("each of our own reasons has its advice, a platform's code the general one", () => {
  for (const code of ["no_way", "expired", "tries", "outcome_unknown", "words", "unbound"])
    expect(zh[adviceFor(code)]).not.toBe(zh["dead.do_other"]);
  expect(adviceFor("43004")).toBe("dead.do_other");
});
