import { amountParts } from "@palmtax/ui";

const DIGITS = "零壹贰叁肆伍陆柒捌玖";
const PLACES = ["", "拾", "佰", "仟"];
const GROUPS = ["", "万", "亿", "万亿"];

/** An amount in the capitals of a Chinese cheque: 壹仟贰佰叁拾肆元伍角整. Works on the digits; nothing is computed. */
export function capitals(fen: number): string {
  const parts = amountParts(fen);
  const yuan = wholeYuan(parts.yuan.replace(/,/g, ""));
  const [jiao = "0", cent = "0"] = parts.fen;
  const tail = `${jiao === "0" ? "" : `${digit(jiao)}角`}${cent === "0" ? "" : `${digit(cent)}分`}`;
  if (!yuan && !tail) return "零元整";
  const head = yuan && `${yuan}元`;
  const gap = head && jiao === "0" && cent !== "0" ? "零" : "";
  return `${parts.sign ? "负" : ""}${head}${gap}${tail}${cent === "0" ? "整" : ""}`;
}

function wholeYuan(digits: string): string {
  const groups = digits.padStart(Math.ceil(digits.length / 4) * 4, "0").match(/\d{4}/g) ?? [];
  const words = groups.map((group, place) => {
    const name = GROUPS[groups.length - 1 - place] ?? "";
    return group === "0000"
      ? "零"
      : group.replace(/^0+/, "零").length < 4 || group.startsWith("0")
        ? `零${four(group)}${name}`
        : `${four(group)}${name}`;
  });
  return words
    .join("")
    .replace(/零+/g, "零")
    .replace(/^零|零$/g, "");
}

function four(group: string): string {
  const words = [...group].map((each, place) => (each === "0" ? "零" : `${digit(each)}${PLACES[3 - place]}`));
  return words
    .join("")
    .replace(/零+/g, "零")
    .replace(/^零|零$/g, "");
}

function digit(figure: string): string {
  return DIGITS[Number(figure)] ?? "";
}
