import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { Matrix, solve } from "ml-matrix";

/** Monthly demand of one customer, oldest month first. */
export interface Demand {
  customer: string;
  values: number[];
}

export interface CustomerModel {
  customer: string;
  /** Weights of a constant, last month's value, the value of a year before and the time. */
  weights: number[];
  /** Mean absolute error over the last year, which the model was not trained with, in percentage points. */
  error: number;
  /** The same of a forecast that says "as last month". */
  naive_error: number;
}

interface Row {
  series: string;
  year: number;
  month: number;
  rate: number;
}

const YEAR = 12;

/** Unemployment by industry, month after month: each industry stands for a customer of a staffing agency. */
export function readDemand(): Demand[] {
  const entry = createRequire(import.meta.url).resolve("vega-datasets");
  const file = path.join(path.dirname(entry), "../data/unemployment-across-industries.json");
  const rows = JSON.parse(readFileSync(file, "utf8")) as Row[];
  const customers = [...new Set(rows.map((row) => row.series))].sort();
  return customers.map((customer) => {
    const months = rows.filter((row) => row.series === customer);
    months.sort((one, other) => one.year - other.year || one.month - other.month);
    return { customer, values: months.map((month) => month.rate) };
  });
}

/** Least squares over everything but the last year, which then judges the model. */
export function trainForecast({ customer, values }: Demand): CustomerModel {
  const months = values.map((_, month) => month).slice(YEAR);
  const training = months.slice(0, -YEAR);
  const x = new Matrix(training.map((month) => featuresAt(values, month)));
  const weights = solve(x, Matrix.columnVector(training.map((month) => values[month] ?? 0)), true).to1DArray();
  const judged = months.slice(-YEAR);
  const guess = (month: number): number =>
    featuresAt(values, month).reduce((sum, feature, place) => sum + feature * (weights[place] ?? 0), 0);
  return {
    customer,
    weights: weights.map(rounded),
    error: rounded(meanError(values, judged, guess)),
    naive_error: rounded(meanError(values, judged, (month) => values[month - 1] ?? 0)),
  };
}

function featuresAt(values: readonly number[], month: number): number[] {
  return [1, values[month - 1] ?? 0, values[month - YEAR] ?? 0, month / YEAR];
}

function meanError(values: readonly number[], months: readonly number[], guess: (month: number) => number): number {
  return months.reduce((sum, month) => sum + Math.abs(guess(month) - (values[month] ?? 0)), 0) / months.length;
}

function rounded(value: number): number {
  return Number(value.toFixed(3));
}
