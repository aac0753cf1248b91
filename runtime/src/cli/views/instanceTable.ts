import { durationText } from "#core/durationText.js";
import type { DagModel } from "#core/model/dag.js";
import { shownState } from "#core/model/shownState.js";
import type { Colors } from "./colors.js";
import { paintOf, stateCell } from "./states.js";
import { tableLines } from "./table.js";
import { oneLine } from "./text.js";
import { entryText, valueText } from "./valueText.js";
import type { ReportedInstance } from "./reportedInstance.js";

/** Longest cells worth making; the table cuts them to what the terminal has. */
const LONGEST = 100;

/**
 * Instances of one mapped task, one a line. `inputs` names the inputs to show; where it is undefined, those that
 * differ between the instances are shown.
 */
export function instanceTable(
  instances: readonly ReportedInstance[],
  inputs: readonly string[] | undefined,
  width: number,
  colors: Colors,
  log: "with-log" | "without-log",
): string[] {
  const names = inputs ?? differingNames(instances);
  const states = instances.map(({ details }) => shownState(details));
  const rows = instances.map(({ details, log: lines }, row) => [
    String(details.map_index),
    details.name === null ? "" : oneLine(details.name),
    stateCell(states[row]),
    details.try_number > 1 ? String(details.try_number) : "",
    details.duration_ms === null ? "" : durationText(details.duration_ms),
    inputsText(details.rendered, names),
    resultText(details.xcom, details.error?.message),
    log === "with-log" ? oneLine(lines.at(-1) ?? "") : "",
  ]);
  const columns = [
    { title: "#", align: "right" },
    { title: "name", shrink: 0.5 },
    { title: "state", paint: (cell, row) => paintOf(states[row] ?? "none", colors)(cell) },
    { title: "try", align: "right" },
    { title: "took", align: "right", paint: colors.dim },
    { title: "inputs", shrink: 1 },
    { title: "result", shrink: 1, paint: (cell, row) => (states[row] === "failed" ? colors.red(cell) : cell) },
    { title: "last log line", shrink: 1.2, paint: colors.dim },
  ] satisfies Parameters<typeof tableLines>[0];
  return tableLines(columns, rows, width, colors.dim);
}

/** Names of the inputs that a task maps over; undefined where only the run knows them (`expand_kwargs`). */
export function mappedInputs(model: DagModel, task_id: string): readonly string[] | undefined {
  const mapping = model.tasks.find((task) => task.task_id === task_id)?.mapping;
  return mapping?.kind === "expand" ? mapping.inputs.map((input) => input.name) : undefined;
}

function inputsText(rendered: Readonly<Record<string, unknown>> | null, names: readonly string[]): string {
  if (rendered === null) return "";
  const room = Math.max(12, Math.floor(LONGEST / Math.max(1, names.length)));
  return names.flatMap((name) => (name in rendered ? [entryText(name, rendered[name], room)] : [])).join(", ");
}

function resultText(xcom: unknown, error: string | undefined): string {
  if (error !== undefined) return oneLine(error.slice(0, LONGEST * 2));
  return xcom === null || xcom === undefined ? "" : valueText(xcom, LONGEST);
}

/** Inputs that are not the same in all instances; those of a single instance are all of interest. */
function differingNames(instances: readonly ReportedInstance[]): readonly string[] {
  const rendered = instances.flatMap(({ details }) => (details.rendered === null ? [] : [details.rendered]));
  const names = [...new Set(rendered.flatMap((inputs) => Object.keys(inputs)))];
  if (rendered.length < 2) return names;
  return names.filter((name) => new Set(rendered.map((inputs) => JSON.stringify(inputs[name]))).size > 1);
}
