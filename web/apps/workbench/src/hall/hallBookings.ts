/** A time of today with how many booked it for a topic. */
export interface Booked {
  time: string;
  topic: string;
  count: number;
}

/** Requests counted by time and topic; those who left are not counted. Pure. */
export function bookedOf(arrivals: { time: string; topic: string; state: string }[]): Booked[] {
  const found = new Map<string, Booked>();
  for (const { time, topic, state } of arrivals) {
    if (state !== "booked" && state !== "moved_up") continue;
    const key = `${time} ${topic}`;
    const known = found.get(key) ?? { time, topic, count: 0 };
    found.set(key, { ...known, count: known.count + 1 });
  }
  return [...found.values()].sort((a, b) => a.time.localeCompare(b.time) || a.topic.localeCompare(b.topic));
}

/** How the codes of an office and of all below it begin: levels are pairs of digits, 00 where a level is not used. */
export function branchOf(code: string): string {
  let levels = code.slice(1);
  while (levels.endsWith("00") && levels.length % 2 === 0) levels = levels.slice(0, -2);
  return code.slice(0, 1) + levels;
}
