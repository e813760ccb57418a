import { expect, it } from "vitest";
import { bookedOf, branchOf } from "./hallBookings";

it("counts bookings by time and topic, without those who left or only wait", () => {
  const one = (time: string, topic: string, state = "booked") => ({ time, topic, state });
  expect(
    bookedOf([
      one("10:30", "invoice"),
      one("09:00", "filing"),
      one("09:00", "filing", "moved_up"),
      one("09:00", "filing", "left"),
    ]),
  ).toEqual([
    { time: "09:00", topic: "filing", count: 2 },
    { time: "10:30", topic: "invoice", count: 1 },
  ]);
});

it("knows how the codes of a branch begin, as the server does", () => {
  expect(["14403000000", "14403100000", "14403110000"].map(branchOf)).toEqual(["14403", "1440310", "1440311"]);
});
