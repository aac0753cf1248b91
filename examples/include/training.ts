import { estimators, type Estimator, type ModelType, type Params } from "./estimators.js";
import type { FeatureSet } from "./penguins.js";

/** Values to try, by the parameter's name. */
export type Grid = Record<string, number[]>;

export interface TrainedModel {
  /** Mean share of right predictions over the folds, 0 to 1. */
  cv_accuracy: number;
  /** The same on rows that the search never saw. */
  test_accuracy: number;
  model_type: ModelType;
  best_params: Params;
  candidates: number;
}

export interface Search {
  model_type: ModelType;
  grid_params: Grid;
  features: FeatureSet;
  folds: number;
  seed: number;
  log: (line: string) => void;
}

interface Split {
  train: number[];
  test: number[];
}

const TEST_SHARE = 5;

/** Tries every combination of the grid by cross-validation, then trains the best one and asks it about held-out rows. */
export function gridSearch({ model_type, grid_params, features, folds, seed, log }: Search): TrainedModel {
  const rows = shuffled(features.y.length, seed);
  const [heldOut = { train: rows, test: [] }] = splits(rows, features.y, TEST_SHARE);
  const estimator: Estimator = estimators[model_type];
  const candidates = combinations(grid_params);
  log(`${model_type}: candidates ${candidates.length}, folds ${folds}, training rows ${heldOut.train.length}`);

  const scored = candidates.map((params) => {
    const scores = splits(heldOut.train, features.y, folds).map((split) =>
      accuracy(estimator, features, split, params),
    );
    const cv_accuracy = scores.reduce((sum, score) => sum + score, 0) / scores.length;
    log(`  ${percent(cv_accuracy)}  ${paramsText(params)}`);
    return { params, cv_accuracy };
  });
  const best = scored.reduce((one, other) => (other.cv_accuracy > one.cv_accuracy ? other : one));
  const test_accuracy = accuracy(estimator, features, heldOut, best.params);

  log(
    `best: ${percent(best.cv_accuracy)} in cross-validation, ${percent(test_accuracy)} on ${heldOut.test.length} held-out rows`,
  );
  return {
    cv_accuracy: rounded(best.cv_accuracy),
    test_accuracy: rounded(test_accuracy),
    model_type,
    best_params: best.params,
    candidates: candidates.length,
  };
}

/** `{ a: [1, 2], b: [3] }` → `{ a: 1, b: 3 }`, `{ a: 2, b: 3 }`; nothing to choose is one candidate. */
function combinations(grid: Grid): Params[] {
  return Object.entries(grid).reduce<Params[]>(
    (all, [name, values]) => all.flatMap((params) => values.map((value) => ({ ...params, [name]: value }))),
    [{}],
  );
}

/** As many splits as parts, each with another part of the rows as its test; every part has its share of each class. */
function splits(rows: readonly number[], classes: readonly number[], parts: number): Split[] {
  const sorted = [...rows].sort((one, other) => (classes[one] ?? 0) - (classes[other] ?? 0));
  return Array.from({ length: parts }, (_, part) => ({
    train: sorted.filter((_row, index) => index % parts !== part),
    test: sorted.filter((_row, index) => index % parts === part),
  }));
}

function accuracy(estimator: Estimator, features: FeatureSet, split: Split, params: Params): number {
  const scale = standardScale(pick(features.x, split.train));
  const predict = estimator(scale(pick(features.x, split.train)), pick(features.y, split.train), params);
  const expected = pick(features.y, split.test);
  const right = predict(scale(pick(features.x, split.test))).filter((value, index) => value === expected[index]);
  return right.length / expected.length;
}

/** Learnt from the training rows alone: mean 0 and deviation 1, so that grams do not outweigh millimetres. */
function standardScale(training: readonly number[][]): (rows: readonly number[][]) => number[][] {
  const columns = (training[0] ?? []).map((_, column) => training.map((row) => row[column] ?? 0));
  const scales = columns.map((values) => {
    const center = mean(values);
    const deviation = Math.sqrt(mean(values.map((value) => (value - center) ** 2)));
    return { center, width: deviation === 0 ? 1 : deviation };
  });
  return (rows) => rows.map((row) => scales.map(({ center, width }, column) => ((row[column] ?? 0) - center) / width));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function pick<T>(values: readonly T[], rows: readonly number[]): T[] {
  return rows.map((row) => values[row] as T);
}

/** 0 … count-1 in an order that depends only on the seed (mulberry32 and Fisher–Yates). */
function shuffled(count: number, seed: number): number[] {
  const rows = Array.from({ length: count }, (_, index) => index);
  let state = seed;
  for (let last = count - 1; last > 0; last--) {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    const other = ((mixed ^ (mixed >>> 14)) >>> 0) % (last + 1);
    [rows[last], rows[other]] = [rows[other] ?? 0, rows[last] ?? 0];
  }
  return rows;
}

function paramsText(params: Params): string {
  const entries = Object.entries(params).map(([name, value]) => `${name}=${value}`);
  return entries.length === 0 ? "nothing to choose" : entries.join(" ");
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function rounded(value: number): number {
  return Number(value.toFixed(4));
}
