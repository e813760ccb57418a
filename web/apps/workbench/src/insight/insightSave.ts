import { pick, t } from "../look/lookWords";
import { studySheet } from "./insightSheet";
import type { Study } from "./insightTypes";
import { peopleWords } from "./insightWords";

/** Hands the result to the officer as a CSV file. */
export function saveSheet(study: Study): void {
  const text = studySheet(study, {
    say: (key) => t(`result.${key}`),
    section: (key) => t(`result.${key === "bands" ? "group" : key}`),
    name: (source) => pick(source, "name"),
    title: (result) => `${pick(result, "title")} · ${pick(result, "burden")}`,
    invented: t("insight.invented_long", {
      persons: peopleWords(study.population.persons, "persons"),
      enterprises: peopleWords(study.population.enterprises, "enterprises"),
    }),
  });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  link.download = `${study.name.replace(/[\\/:*?"<>|\s]+/g, "_")}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
}
