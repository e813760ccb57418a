import { call } from "../platform/platformClient";
import type { Answer, Args } from "@palmtax/api";

export type Absence = Answer<"/api/cases/absences", "get">[number];
export type AbsenceIn = Args<"/api/cases/absences", "post">["body"];

export const readAbsences = (): Promise<Absence[]> => call("get", "/api/cases/absences");
export const setAbsence = (body: AbsenceIn) => call("post", "/api/cases/absences", { body });
export const endAbsence = (one: Absence) =>
  call("delete", "/api/cases/absences/{absence_id}", {
    path: { absence_id: one.absence_id },
    query: { person_id: one.is_mine ? null : one.person_id },
  });
