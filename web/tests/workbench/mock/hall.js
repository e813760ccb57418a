/** A hall of the mock: who waits, calling the next, who comes, the plan. */
import { OFFICE } from "./caseData.js";

const DESKS = [
  ["tax", "申报纳税", "Filing and paying", "A"],
  ["invoice", "发票", "Invoices", "B"],
  ["registration", "登记注销", "Registration and closing", "C"],
];

const MAY = {
  ...{ booked: ["arrive"], arrived: ["served", "absent"], called: ["served", "absent"] },
  ...{ served: ["undo"], absent: ["undo"] },
};

/** Routes of one hall with a few people waiting. */
export function hallRoutes({ may }) {
  const waiting = { tax: 3, invoice: 1, registration: 0 };
  const called = [];
  const estimate = (count) => ({ low: count * 8, high: count * 15, measured: 4 });
  const hall = () => ({
    ...{ office_code: OFFICE[0], name: "云川市第一办税服务厅", name_en: "First hall of Yunchuan" },
    ...{ hours: [["09:00", "17:00"]], topics: ["filing", "invoice"] },
    waiting: Object.values(waiting).reduce((sum, one) => sum + one, 0),
    estimate: estimate(4),
  });
  function callNext(_, { body, session }) {
    may(session, "appointments.serve");
    const desk = body.desks.find((one) => waiting[one] > 0);
    const last = visits.find((one) => one.state === "called" && one.window_no === body.window_no);
    if (last) end(last, body.last_was);
    if (!desk) return { ticket_id: null, ticket_no: null, desk: null, topic: null, is_booked: false };
    waiting[desk] -= 1;
    const ticket_no = `${DESKS.find((one) => one[0] === desk)[3]}${String(101 + called.length)}`;
    called.unshift({ ticket_no, window_no: body.window_no, called_at: new Date().toISOString() });
    const topic = desk === "tax" ? "filing" : desk;
    const one = visit(null, topic, "called", { ticket_no, window_no: body.window_no });
    visits.push(one);
    return { ticket_id: one.ticket_id, ticket_no, desk, topic, is_booked: false };
  }
  function visit(time, topic, state, ticket = null) {
    const number = visits.length + 1;
    return {
      ...{ booking_id: time && `booking-${number}`, appointment_no: time && `YY2026101000000${number}` },
      ...{ time, topic, desk: topic === "filing" ? "tax" : topic, state, is_moved_up: number === 2 },
      ...{ ticket_id: ticket && `ticket-${number}`, ticket_no: null, window_no: null, ...ticket },
      ...{ name_masked: ["林*满", "陈*帆", "何*禾", "吴*"][number % 4], may: MAY[state] },
    };
  }
  const end = (one, state) => Object.assign(one, { state, may: MAY[state] });
  const visits = [];
  visits.push(visit("09:00", "filing", "arrived", { ticket_no: "A100" }));
  visits.push(visit("09:30", "invoice", "booked"));
  visits.push(visit("10:00", "filing", "booked"));
  const day = (_, { query, session }) => {
    may(session, "appointments.serve");
    const desks = DESKS.map(([desk, title, title_en], at) => ({
      ...{ desk, title, title_en, places: 26, taken: [26, 4, 0][at], waiting: [7, 0, 0][at] },
    }));
    return { office_code: OFFICE[0], day: query.get("day"), desks, visits };
  };
  const withTicket =
    (work) =>
    (match, { body, session }) => {
      may(session, "appointments.serve");
      const one = visits.find((each) => each.ticket_id === match[2]);
      work(one, body);
      return { ticket_id: one.ticket_id, ticket_no: one.ticket_no, state: one.state, window_no: one.window_no };
    };
  function checkIn(match) {
    const one = visits.find((each) => each.booking_id === match[2]);
    Object.assign(one, { ticket_id: `ticket-of-${match[2]}`, ticket_no: "B150", state: "arrived", may: MAY.arrived });
    return { ticket_no: "B150" };
  }
  const own = { windows: {}, places: {}, hours: null };
  const planned = [
    ["09:00", "12:00"],
    ["13:30", "17:00"],
  ];
  const plan = () => ({
    ...{ office_code: OFFICE[0], name: hall().name, name_en: hall().name_en, slot_minutes: 30, slots: 13 },
    desks: DESKS.map(([desk, title, title_en]) => {
      const [windows, places] = [own.windows[desk] ?? 2, own.places[desk] ?? null];
      const planned_places = windows * 2;
      return {
        ...{ desk, title, title_en, windows, planned_windows: 2, places, planned_places },
        capacity: places ?? planned_places,
      };
    }),
    ...{ hours: own.hours ?? planned, planned_hours: planned },
  });
  function setPlan(_, { body, session }) {
    may(session, "appointments.plan");
    Object.assign(own, body);
    return plan();
  }
  const halls = "/api/appointments/halls";
  return [
    ["GET", new RegExp(`^${halls}$`), () => [hall()]],
    [
      "GET",
      new RegExp(`^${halls}/(\\d+)/screen$`),
      () => ({
        ...{ office_code: OFFICE[0], name: hall().name, name_en: hall().name_en, called: called.slice(0, 6) },
        desks: DESKS.map(([desk, title, title_en]) => ({
          ...{ desk, title, title_en, waiting: waiting[desk], estimate: estimate(waiting[desk]) },
        })),
      }),
    ],
    ["GET", new RegExp(`^${halls}/(\\d+)/visits$`), day],
    ["GET", new RegExp(`^${halls}/(\\d+)/plan$`), plan],
    ["PUT", new RegExp(`^${halls}/(\\d+)/plan$`), setPlan],
    ["POST", new RegExp(`^${halls}/(\\d+)/bookings/([\\w-]+)/check-in$`), checkIn],
    ["POST", new RegExp(`^${halls}/(\\d+)/tickets/([\\w-]+)/ending$`), withTicket((one, body) => end(one, body.how))],
    ["DELETE", new RegExp(`^${halls}/(\\d+)/tickets/([\\w-]+)/ending$`), withTicket((one) => end(one, "called"))],
    ["POST", new RegExp(`^${halls}/(\\d+)/calls$`), callNext],
    [
      "GET",
      /^\/api\/appointments\/topics$/,
      () => [
        { code: "filing", title: "申报纳税", title_en: "Filing and paying tax", say: "", desk: "tax" },
        { code: "invoice", title: "发票业务", title_en: "Invoices", say: "", desk: "invoice" },
      ],
    ],
  ];
}
