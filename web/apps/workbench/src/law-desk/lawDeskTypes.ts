/** The shapes of the law desk, from the API document; values of the law narrowed to their kinds. */
import type { Answer, Schemas } from "@palmtax/api";
import type { Plain } from "../law-value/lawValuePlain";

/** A shape with some members known better than the document says. */
type Known<Shape, More> = Omit<Shape, keyof More> & More;

export type ParameterLine = Known<Schemas["ParameterLine"], { value: Plain | null }>;
export type Law = Known<Schemas["LawOut"], { parameters: ParameterLine[] }>;
export type DatedValue = Known<Schemas["ParameterValue"], { value: Plain }>;
export type Confidence = DatedValue["confidence"];
export type ChangeLine = Known<Schemas["ChangeLine"], { value: Plain }>;
export type ChangeState = ChangeLine["state"];
export type Parameter = Known<
  Schemas["palmtax__knowledge__schemas__law_desk__ParameterOut"],
  { values: DatedValue[]; changes: ChangeLine[] }
>;
export type Check = Schemas["Check"];
export type Change = Known<Answer<"/api/knowledge/changes/{change_id}", "get">, { value: Plain; before: Plain | null }>;
export type ChangeIn = Known<
  Schemas["ChangeEdit"],
  { value: Plain; until: string | null; note: string; confirm_retroactive: boolean }
>;
export type Affected = Schemas["AffectedOut"];
