/** What else lies on a desk of the mock: sentences, papers, a complaint, a letter. */
import zlib from "node:zlib";
import { OFFICE } from "./caseData.js";

const now = () => new Date().toISOString();
const PNG = drawnPaper(360, 270);
const PDF = Buffer.from("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF");

const sentence = (text, text_en) => ({ text, text_en });
/** Usual sentences. */
export const templates = (_, { query }) => ({
  skill: query.get("code"),
  yes: [sentence("经核对业务真实，同意办理。", "The business is genuine; it is granted.")],
  no: [sentence("材料不足以说明申请内容，请补充后重新申请。", "The papers do not support it; please ask again.")],
  supplement: [
    sentence("请补充购销合同或订单，写明金额和履行时间。", "Please add the contract with amounts and dates."),
  ],
});
/** A complaint as the desk reads it. */
export const complaint = ([, id]) => ({
  ...{ complaint_id: id, complaint_no: "TS2026000012", category: "service", sub_kind: "manner" },
  ...{ title: "服务态度", title_en: "Manner", about: "第一税务所 3 号窗口", is_real_name: true, is_quick: false },
  facts: "10 月 21 日上午在 3 号窗口办理变更登记，等候两小时后被告知系统已关，未说明原因。",
  ...{ state: "filed", state_name: "待受理", state_name_en: "Filed", filed_at: now(), accept_by_on: "2026-12-03" },
  ...{ accepted_at: null, is_accepted_by_time: false, due_on: null, extended_days: 0, refusal: "", answer: "" },
  ...{ answered_at: null, is_satisfied: null, escalated_at: null, may_withdraw: true, may_say_satisfied: false },
  ...{ steps: [], taxpayer_id: 100001, office_code: OFFICE[0], investigators: [], extension_days: null },
  ...{ extension_reason: "", is_extension_agreed: null },
});
/** A letter as the desk reads it. */
export const letter = ([, , id]) => ({
  ...{
    letter_id: id,
    letter_no: "ZX202611230001",
    topic: "invoice",
    topic_title: "发票",
    topic_title_en: "Invoices",
  },
  ...{ question: "收到的发票抬头少一个字，能否抵扣？", state: "asked", asked_at: now(), due_on: "2026-12-14" },
  ...{ answer: "", answered_at: null },
});

/** The bytes of a paper. */
export function paperOf({ application }, id) {
  const file = application.papers.flatMap((paper) => paper.files).find((one) => one.paper_id === id);
  return { bytes: file?.media_type === "application/pdf" ? PDF : PNG, type: file?.media_type ?? "image/png" };
}

/** A white sheet with a heading, lines of grey and a red seal, as a PNG. */
function drawnPaper(width, height) {
  const rows = Buffer.alloc((width * 3 + 1) * height, 255);
  for (let y = 0; y < height; y += 1) {
    rows[y * (width * 3 + 1)] = 0;
    for (let x = 0; x < width; x += 1) {
      const isHead = y > 26 && y < 40 && x > 110 && x < 250;
      const isLine = y > 60 && y % 18 < 5 && x > 36 && x < (y % 54 < 18 ? 240 : 324);
      const fromSeal = Math.hypot(x - 280, y - 210);
      const isSeal = fromSeal > 30 && fromSeal < 36;
      const ink = isSeal ? [190, 40, 34] : isHead ? [60, 66, 80] : isLine ? [186, 193, 205] : null;
      if (ink) ink.forEach((value, at) => (rows[y * (width * 3 + 1) + 1 + x * 3 + at] = value));
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const frame = Buffer.alloc(data.length + 12);
    frame.writeUInt32BE(data.length, 0);
    body.copy(frame, 4);
    frame.writeUInt32BE(crc(body), data.length + 8);
    return frame;
  };
  const sign = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([
    sign,
    chunk("IHDR", head),
    chunk("IDAT", zlib.deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function crc(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}
