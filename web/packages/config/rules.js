/** The house's own lint rules. */
import path from "node:path";

/** A file carries the name of its folder in front: `ledger/LedgerTable.vue`, `sign-in/signInTicket.ts`. */
const prefixedName = {
  meta: {
    type: "suggestion",
    schema: [],
    messages: {
      prefix: "Name the file after its folder: {{folder}}/{{wanted}}…, so that it is found by name from anywhere.",
    },
  },
  create(context) {
    const folder = path.basename(path.dirname(context.filename));
    const name = path.basename(context.filename).replace(/\.(test\.)?(ts|vue)$/, "");
    const wanted = folder.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
    const fits = name.toLowerCase().startsWith(wanted.toLowerCase());
    return fits ? {} : { Program: (node) => context.report({ node, messageId: "prefix", data: { folder, wanted } }) };
  },
};

export default { rules: { "prefixed-name": prefixedName } };
