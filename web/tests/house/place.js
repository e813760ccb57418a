/** The running house of the journeys: its addresses, its sandboxes, the people of its demo town. */

/** An address that `make test` hands over (dev/steps/house.py). */
export function given(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: these journeys need a running house (make test starts one).`);
  return value.replace(/\/$/, "");
}

export const url = given("PALMTAX_URL");
export const sandbox = given("PALMTAX_SANDBOX");

export const people = {
  noodles: { name: "林小满", phone: "15400000001", shop: "云汀市松月面馆" },
  toys: { name: "陈一帆", phone: "15400000002", shop: "云汀市小熊玩具店" },
  design: { name: "何青禾", phone: "15400000003", shop: "云汀市青禾设计有限公司" },
  hardware: { name: "吴越", phone: "15400000004", shop: "云汀市老吴五金店" },
  bookshop: { name: "苏知音", phone: "15400000005", shop: "云汀市半亩书屋" },
  machines: { name: "高远山", phone: "15400000006", shop: "云汀市大有机械制造有限公司" },
  officer: { name: "沈知秋", phone: "15400000021" },
  approver: { name: "温景行", phone: "15400000023" },
  keys: { name: "程系统", phone: "15400000026" },
  otherKeys: { name: "陆同源", phone: "15400000033" },
  leader: { name: "钟明远", phone: "15400000025" },
  pushEditor: { name: "文知意", phone: "15400000034" },
  pushApprover: { name: "言慎行", phone: "15400000035" },
};

/** Asks something of a sandbox: what WeChat or the bank do on the other side. */
export async function outside(path, body) {
  const answer = await fetch(sandbox + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return answer.json();
}

/** The first amount in a text, in fen: "¥3,312.14" is 331214. */
export function fenIn(text) {
  const found = /¥\s*(-?[\d,]+)\.(\d\d)/.exec(text.replace(/\s+/g, ""));
  return found && BigInt(found[1].replaceAll(",", "") + found[2]);
}
