/** A hall of the mock: who waits, calling the next. */
import { OFFICE } from "./caseData.js";

const DESKS = [
  ["tax", "申报纳税", "Filing and paying", "A"],
  ["invoice", "发票", "Invoices", "B"],
  ["registration", "登记注销", "Registration and closing", "C"],
];

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
    if (!desk) return { ticket_no: null, desk: null, topic: null, is_booked: false };
    waiting[desk] -= 1;
    const ticket_no = `${DESKS.find((one) => one[0] === desk)[3]}${String(101 + called.length)}`;
    called.unshift({ ticket_no, window_no: body.window_no, called_at: new Date().toISOString() });
    return { ticket_no, desk, topic: desk === "tax" ? "filing" : desk, is_booked: called.length % 2 === 0 };
  }
  const order = (_, { query }) => ({
    arrivals: ["09:00", "09:00", "10:30"].map((time, at) => ({
      ...{ arrival_no: at + 1, at: new Date().toISOString(), time, commitment: "", digest: "" },
      state: query.get("topic") === "invoice" && at ? "left" : "booked",
    })),
    next_cursor: null,
  });
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
    ["GET", new RegExp(`^${halls}/(\\d+)/order$`), order],
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
