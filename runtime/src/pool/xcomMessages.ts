import type { XcomRow } from "../store/runStore.js";
import { REPORT } from "./messages.js";

/** Which XComs are asked for: what the instances `from` to `to` of a task have under a key. */
export interface XcomQuery {
  /** Position in the plan. */
  readonly task: number;
  /** `return_value` for results. */
  readonly key: string;
  readonly from: number;
  readonly to: number;
}

/** What one instance pushes. */
export interface XcomPush {
  readonly task: number;
  readonly map_index: number;
  /** Keys and JSON texts. */
  readonly entries: readonly (readonly [key: string, json: string])[];
}

export function encodePush({ task, map_index, entries }: XcomPush): string {
  const fields = entries.flatMap(([key, json]) => [JSON.stringify(key), json]);
  return `${REPORT.push}${[JSON.stringify([task, map_index]), ...fields].join("\t")}\n`;
}

export function decodePush(line: string): XcomPush {
  const [head = "[]", ...fields] = line.slice(1).split("\t");
  const [task, map_index] = JSON.parse(head) as [number, number];
  const keys = fields.filter((_, place) => place % 2 === 0);
  const entries = keys.map((key, row) => [JSON.parse(key) as string, fields[row * 2 + 1] ?? "null"] as const);
  return { task, map_index, entries };
}

export function encodeQuery({ task, key, from, to }: XcomQuery): string {
  return `${REPORT.get}${JSON.stringify([task, key, from, to])}\n`;
}

export function decodeQuery(line: string): XcomQuery {
  const [task, key, from, to] = JSON.parse(line.slice(1)) as [number, string, number, number];
  return { task, key, from, to };
}

/** JSON texts hold no tabs. */
export function encodeRows(rows: readonly XcomRow[]): string {
  return rows.map(({ map_index, json }) => `${String(map_index)}\t${json}`).join("\t");
}

export function decodeRows(answer: string): XcomRow[] {
  if (answer === "") return [];
  const fields = answer.split("\t");
  const indexes = fields.filter((_, place) => place % 2 === 0);
  return indexes.map((index, row) => ({ map_index: Number(index), json: fields[row * 2 + 1] ?? "null" }));
}
