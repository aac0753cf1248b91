import { durationText } from "#core/durationText.js";
import type { InstanceDetails, TrySummary } from "#core/model/run.js";
import { shownTry } from "#core/model/shownState.js";
import type { Colors } from "./colors.js";
import { paintOf, stateCell } from "./states.js";
import { tableLines } from "./table.js";
import { oneLine } from "./text.js";

const WIDTH = 110;
/** As much of a hash as people compare. */
const HASH_LENGTH = 8;

/** The tries of an instance that has had several: how each ended, and where the code was another one. */
export function triesLines({ tries, lost }: Pick<InstanceDetails, "tries" | "lost">, colors: Colors): string[] {
  if (tries.length < 2) return [];
  const states = tries.map((one) => (lost === true && one.state === "running" ? "lost" : shownTry(one)));
  const isChanged = new Set(tries.map(({ code_hash }) => code_hash)).size > 1;
  const rows = tries.map(({ try_number, start, duration_ms, code_hash, error }, row) => [
    String(try_number),
    stateCell(states[row]),
    start ?? "",
    duration_ms === null ? "" : durationText(duration_ms),
    isChanged ? (code_hash ?? "").slice(0, HASH_LENGTH) : "",
    error === null ? "" : oneLine(error.message),
  ]);
  const columns = [
    { title: "try", align: "right" },
    { title: "state", paint: (cell, row) => paintOf(states[row] ?? "none", colors)(cell) },
    { title: "started", paint: colors.dim },
    { title: "took", align: "right", paint: colors.dim },
    { title: "code" },
    { title: "why", shrink: 1 },
  ] satisfies Parameters<typeof tableLines>[0];
  return [
    "  tries",
    ...tableLines(columns, rows, WIDTH, colors.dim).map((line) => `    ${line}`),
    ...changes(tries).map((line) => `    ${colors.yellow(line)}`),
  ];
}

function changes(tries: readonly TrySummary[]): string[] {
  return tries.flatMap((one, place) => {
    const before = tries[place - 1];
    if (before === undefined || before.code_hash === one.code_hash) return [];
    return [`The code changed between try ${String(before.try_number)} and try ${String(one.try_number)}.`];
  });
}
