/** Lint of every front end; what is allowed and why stands in packages/config/eslint.js. */
import palmtax from "@palmtax/config/eslint";

export default palmtax;
