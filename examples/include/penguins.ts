import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/** One row of the Palmer penguins data as the package `vega-datasets` ships it. */
export interface Penguin {
  Species: string;
  Island: string;
  "Beak Length (mm)": number | null;
  "Beak Depth (mm)": number | null;
  "Flipper Length (mm)": number | null;
  "Body Mass (g)": number | null;
  Sex: string | null;
}

/** Numbers only, which is all that a model can be trained with. */
export interface FeatureSet {
  columns: string[];
  /** One row for each penguin, one number for each column. */
  x: number[][];
  /** Index into `classes`, one for each row. */
  y: number[];
  classes: string[];
}

const MEASURES = ["Beak Length (mm)", "Beak Depth (mm)", "Flipper Length (mm)", "Body Mass (g)"] as const;
const SEXES = ["FEMALE", "MALE"];

export function readPenguins(): Penguin[] {
  const entry = createRequire(import.meta.url).resolve("vega-datasets");
  const file = path.join(path.dirname(entry), "../data/penguins.json");
  return JSON.parse(readFileSync(file, "utf8")) as Penguin[];
}

/** Without rows that lack a measure, and without those whose sex nobody wrote down (empty, or a dot). */
export function cleaned(rows: readonly Penguin[]): Penguin[] {
  return rows.filter(
    (row) => MEASURES.every((measure) => row[measure] !== null) && row.Sex !== null && SEXES.includes(row.Sex),
  );
}

/** What is to be predicted is the sex; the rest of the row becomes columns, a name becomes one column for each value. */
export function featuresOf(rows: readonly Penguin[]): FeatureSet {
  const species = valuesOf(rows.map((row) => row.Species));
  const islands = valuesOf(rows.map((row) => row.Island));
  return {
    columns: [...MEASURES, "Beak Ratio", ...species, ...islands],
    x: rows.map((row) => [
      ...MEASURES.map((measure) => row[measure] ?? 0),
      (row["Beak Length (mm)"] ?? 0) / (row["Beak Depth (mm)"] ?? 1),
      ...oneHot(row.Species, species),
      ...oneHot(row.Island, islands),
    ]),
    y: rows.map((row) => SEXES.indexOf(row.Sex ?? "")),
    classes: SEXES,
  };
}

function valuesOf(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

function oneHot(name: string, names: readonly string[]): number[] {
  return names.map((each) => (each === name ? 1 : 0));
}
