/** An invented town of taxpayers for the mock: names, valid check digits, impossible phones. */
import { chanceFrom } from "./random.js";
import { fileOf } from "./history.js";

const STREETS = ["青石路", "临江巷", "杏花街", "云溪路", "南浦桥", "百合里", "东篱", "望湖", "松涛", "古渡口"];
const OWNERS = ["张记", "李氏", "阿珍", "老周", "小满", "福来", "同心", "和顺", "拾光", "禾田", "一叶", "清晏"];
const TRADES = [
  ["小吃店", "餐饮业"],
  ["书屋", "零售业"],
  ["裁缝铺", "居民服务业"],
  ["便利店", "零售业"],
  ["茶坊", "零售业"],
  ["五金店", "批发业"],
  ["理发店", "居民服务业"],
  ["快修部", "修理业"],
];
const FIRMS = ["远山科技", "澄明设计", "北斗物流", "青禾农业", "云帆软件", "嘉木家居", "晨曦教育咨询", "海棠文化传媒"];
const OFFICES = [
  ["330199001", "云川市税务局第一税务所"],
  ["330199002", "云川市税务局第二税务所"],
  ["330199003", "云川市税务局第三税务所"],
];
const SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗".split("");
const USCC_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const USCC_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

function uscc(chance) {
  const body = `92339901${Array.from({ length: 9 }, () => chance.of([..."0123456789ABCDEFGHJKLMNPQRTUWXY"])).join("")}`;
  const sum = [...body].reduce((total, sign, place) => total + USCC_SIGNS.indexOf(sign) * USCC_WEIGHTS[place], 0);
  return body + USCC_SIGNS[(31 - (sum % 31)) % 31];
}

const phone = (chance) => `1${chance.of(["38", "39", "50", "86"])}****${String(chance.int(0, 9999)).padStart(4, "0")}`;

function nameOf(chance, kind) {
  if (kind === "individual_business") {
    const [trade, industry] = chance.of(TRADES);
    return [`云川市${chance.of(STREETS)}${chance.of(OWNERS)}${trade}`, industry];
  }
  return [`云川市${chance.of(FIRMS)}${chance.of(["", "（云川）", "第二"])}有限公司`, "信息传输、软件和信息技术服务业"];
}

function contactsOf(chance, kind) {
  const roles = [
    ["法定代表人", "Legal representative"],
    ["财务负责人", "Finance lead"],
    ["办税员", "Tax clerk"],
  ];
  const count = kind === "individual_business" ? 1 : chance.int(2, 3);
  return roles.slice(0, count).map(([role_name, role_name_en], place) => ({
    name_masked: `${chance.of(SURNAMES)}*${chance.is(0.6) ? chance.of(["", "明", "芳", "军", "琳"]) : ""}`,
    phone_masked: phone(chance),
    role_name: kind === "individual_business" ? "经营者" : role_name,
    role_name_en: kind === "individual_business" ? "Owner" : role_name_en,
    valid_until: place === 0 ? null : "2027-06-30",
  }));
}

function taxpayer(chance, place) {
  const kind = chance.is(0.62) ? "individual_business" : "enterprise";
  const [name, industry] = nameOf(chance, kind);
  const [office_code, office_name] = chance.of(OFFICES);
  return {
    taxpayer_id: 100001 + place,
    name: place === 7 ? "云川市青石路同心协力共同富裕乡村振兴特色农产品专业连锁经营管理服务（集团）有限责任公司" : name,
    uscc: uscc(chance),
    kind,
    vat_kind: chance.is(0.82) ? "small_scale" : "general",
    filing_period: "quarter",
    place_kind: chance.of(["city", "county", "other"]),
    is_half_relief: true,
    industry,
    address: `云川市${chance.of(STREETS)} ${chance.int(1, 300)} 号`,
    office_code,
    office_name,
    registered_on: `20${chance.int(12, 24)}-${String(chance.int(1, 12)).padStart(2, "0")}-${String(chance.int(1, 28)).padStart(2, "0")}`,
    status: chance.is(0.94) ? "normal" : chance.of(["suspended", "closed"]),
  };
}

/** Builds the town: taxpayers with their whole file each, by id. */
export function buildTown(count = 200, seed = 20261123) {
  const files = new Map();
  for (let place = 0; place < count; place += 1) {
    const chance = chanceFrom(seed + place * 7919);
    const one = taxpayer(chance, place);
    const contacts = contactsOf(chance, one.kind);
    files.set(one.taxpayer_id, { taxpayer: one, contacts, ...fileOf(chance, one, contacts, place) });
  }
  return files;
}
