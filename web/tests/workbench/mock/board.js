/** The supervisor's board of the mock. */
const SPANS = [[0, 1], [2, 3], [4, 5], [6, 10], [11, 20], [21, null]]; // prettier-ignore
const daysOld = (row) => Math.max(0, Math.round((Date.now() - Date.parse(row.opened_at)) / 864e5));
/** The place of a case among the ages of the board. */
export const ageOf = (row) => SPANS.findIndex(([, until]) => until === null || daysOld(row) <= until);

/** The board over all cases. */
export function boardOf(cases, officers) {
  const rows = [...cases.values()].map(({ row }) => row).filter((row) => row.state !== "closed");
  const skills = [...new Set(rows.map((row) => row.skill))].map((skill) => {
    const of = rows.filter((row) => row.skill === skill);
    return {
      ...{ skill, in_all: of.length, unclaimed: of.filter((row) => !row.claimed_by).length },
      overdue: of.filter((row) => row.state !== "waiting" && row.days_left < 0).length,
      due_soon: of.filter((row) => row.state !== "waiting" && row.days_left >= 0 && row.days_left <= 2).length,
      marked: of.filter((row) => row.priority === 2).length,
    };
  });
  const done = [...cases.values()].map(({ row }) => row).filter((row) => row.state === "closed" && row.outcome);
  const decidedOf = (of) => ({
    ...{ decided: of.length, passed: of.filter((row) => row.outcome === "yes").length },
    in_time: of.filter((row) => row.days_left >= 0).length,
  });
  const agesOf = (of) => SPANS.map((_, at) => of.filter((row) => ageOf(row) === at).length);
  return {
    officers: officers.map((one) => ({
      ...one,
      ages: agesOf(rows.filter((row) => row.claimed_by === one.person_id)),
      ...decidedOf(done.filter((row) => row.first_by === one.person_id)),
    })),
    skills,
    decided: [...new Set(done.map((row) => row.skill))].map((skill) => ({
      skill,
      ...decidedOf(done.filter((row) => row.skill === skill)),
    })),
    ages: SPANS.map(([from_days, until_days], at) => ({ from_days, until_days, number: agesOf(rows)[at] })),
  };
}
