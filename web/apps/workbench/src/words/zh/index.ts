import { door } from "./door";
import { file } from "./file";
import { filing } from "./filing";
import { frame } from "./frame";
import { money } from "./money";
import { search } from "./search";

/** Every sentence of the workbench, in Chinese. */
export const zh = { ...frame, ...door, ...search, ...file, ...filing, ...money };

/** The name of a sentence. */
export type WordKey = keyof typeof zh;
