import { door } from "./door";
import { file } from "./file";
import { filing } from "./filing";
import { frame } from "./frame";
import { insight } from "./insight";
import { insightResult } from "./insightResult";
import { lawDesk } from "./lawDesk";
import { lawValue } from "./lawValue";
import { money } from "./money";
import { search } from "./search";

/** Every sentence of the workbench, in Chinese. */
export const zh = {
  ...frame,
  ...door,
  ...search,
  ...file,
  ...filing,
  ...money,
  ...insight,
  ...insightResult,
  ...lawDesk,
  ...lawValue,
};

/** The name of a sentence. */
export type WordKey = keyof typeof zh;
