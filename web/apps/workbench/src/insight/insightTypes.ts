/** The shapes of studies, from the API document; values of the law narrowed to their kinds. Everything is about an invented population. */
import type { Answer, Schemas } from "@palmtax/api";
import type { LawKind, Plain } from "../law-value/lawValuePlain";

/** A shape with some members known better than the document says. */
type Known<Shape, More> = Omit<Shape, keyof More> & More;

export type Population = Schemas["PopulationOut"];
export type PopulationName = StudiedLaw["population"];
export type Named = Schemas["WordOut"];
export type StudiedLaw = Schemas["StudiedLaw"];
export type StudiedParameter = Known<
  Schemas["ParametersOut"]["parameters"][number],
  { kind: LawKind; value: Plain | null }
>;
export type ParametersOfLaw = Known<Schemas["ParametersOut"], { parameters: StudiedParameter[] }>;
export type StudyLine = Schemas["StudyLine"];
export type StudyState = StudyLine["state"];
export type ChangedParameter = Known<Schemas["ChangedOut"], { kind: LawKind; before: Plain | null; after: Plain }>;
export type Study = Known<Schemas["StudyOut"], { changes: ChangedParameter[] }>;
export type Group = Schemas["GroupOut"];
export type Bucket = Schemas["BarOut"];
export type Cliff = Schemas["CliffOut"];
export type CurvePoint = Schemas["LawResult"]["curve"][number];
export type LawResult = Schemas["LawResult"];
export type SampleRow = Schemas["RowOut"];
export type SamplePage = Schemas["RowPage"];
export type RowFact = Known<Schemas["FactOut"], { values: (number | boolean | string)[] }>;
export type Side = Known<Schemas["SideOut"], { citations: Schemas["Citation"][] }>;
export type TwinLine = Known<Schemas["ComparedLine"], { before: Side | null; after: Side | null }>;
export type TwinRow = Known<
  Answer<"/api/insight/studies/{study_id}/rows/{row}", "get">,
  { facts: RowFact[]; lines: TwinLine[] }
>;

/** The question of a new study. */
export type StudyIn = Known<Schemas["StudyIn"], { changes: Record<string, Plain> }>;
