/** What else lies on a desk of the mock: sentences, papers, a letter. */
import { createHash, randomUUID } from "node:crypto";
import zlib from "node:zlib";

const now = () => new Date().toISOString();
const PNG = drawnPaper(360, 270);
const PDF = Buffer.from("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF");

const sentence = (text, text_en) => ({ text, text_en });
const EFFECTS = {
  "invoice.set_quota": ["调整发票总额度", "Set the invoice quota"],
  "registry.set_vat_kind": ["变更增值税身份", "Set the VAT registration"],
  "payment.ask_refund": ["发起退税，送国库", "Send the refund to the treasury"],
  "payment.grant_deferral": ["准予延期缴纳税款", "Grant a later day to pay"],
};
const yuan = (fen) => (fen / 100).toLocaleString("en-US", { minimumFractionDigits: 2 });
/** What a yes will do, with the values it will use. */
export function effectsOf(matter, application) {
  const asks = application.sections.flatMap((section) => section.asks);
  const shown = (ask, isEnglish) =>
    ask.type === "amount"
      ? isEnglish
        ? `¥${yuan(ask.value)}`
        : `${yuan(ask.value)} 元`
      : ask.type === "choice"
        ? ask.options.find((one) => one.value === ask.value)[isEnglish ? "label_en" : "label"]
        : String(ask.value);
  return matter.effects.map((code) => ({
    ...{ code, title: EFFECTS[code][0], title_en: EFFECTS[code][1] },
    lines: matter.uses.map((at) => ({
      ...{ label: asks[at].label, label_en: asks[at].label_en },
      ...{ value: shown(asks[at], false), value_en: shown(asks[at], true) },
    })),
  }));
}

const OFFICES = [
  [
    "13301990100",
    "云川市税务局第一税务所",
    "Yunchuan City No. 1 Tax Office",
    "yunchuanshishuiwujudiyishuiwusuo ycsswjdysws",
  ],
  [
    "13301990200",
    "云川市税务局第二税务所",
    "Yunchuan City No. 2 Tax Office",
    "yunchuanshishuiwujudiershuiwusuo ycsswjdesws",
  ],
  ["13301980000", "青石区税务局", "Qingshi District Tax Bureau", "qingshiqushuiwuju qsqswj"],
  ["13301000000", "云川市税务局", "Yunchuan City Tax Bureau", "yunchuanshishuiwuju ycsswj"],
  ["13302000000", "临岸市税务局", "Lin'an City Tax Bureau", "linanshishuiwuju lasswj"],
];
/** Offices a case may go to. */
export function officesFor(own, q) {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  return OFFICES.filter(([code, ...texts]) => {
    const text = texts.join(" ").toLowerCase();
    return code !== own && words.every((word) => code.startsWith(word) || text.includes(word));
  }).map(([office_code, name, name_en]) => ({ office_code, name, name_en }));
}
/** Every act on a case: its steps, its notes, and that it was handed in. */
export function auditOf({ row, history, notes, application }) {
  const entry = (at, act, act_name, act_name_en, who_masked, channel) => ({
    ...{ entry_id: randomUUID(), at, act, act_name, act_name_en, channel, who_masked },
    ...{ role_name: who_masked ? "经办人员" : "", role_name_en: who_masked ? "Case officer" : "" },
    ...{ subject_kind: "case", subject_id: row.case_id, summary: row.title, summary_en: row.title_en },
    digest_sm3: createHash("sha256").update(`${act}${at}`).digest("hex"),
  });
  const sent = application?.submitted_at;
  return [
    ...(sent ? [entry(sent, "matters.application_submitted", "提交事项申请", "Application submitted", "", "h5")] : []),
    ...history.map((one) => entry(one.at, `cases.${one.act}`, one.act_name, one.act_name_en, one.by_name, "workbench")),
    ...notes.map((one) => entry(one.at, "cases.note_written", "写备注", "Note written", one.by_name, "workbench")),
  ].sort((one, other) => other.at.localeCompare(one.at));
}
/** Usual sentences. */
export const templates = (_, { query }) => ({
  skill: query.get("code"),
  yes: [sentence("经核对业务真实，同意办理。", "The business is genuine; it is granted.")],
  no: [sentence("材料不足以说明申请内容，请补充后重新申请。", "The papers do not support it; please ask again.")],
  supplement: [
    sentence("请补充购销合同或订单，写明金额和履行时间。", "Please add the contract with amounts and dates."),
  ],
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
