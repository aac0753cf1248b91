import path from "node:path";
import type { Location, Message } from "esbuild";
import type { SourcePoint } from "#core/model/source.js";
import { FanoutError } from "../errors.js";

const IMPORT_PROBLEM = /^(?:Could not resolve|No matching export)/;

/** What esbuild found wrong with the sources; the first mistake stands for all. */
export function toFanoutError(thrown: unknown, folder: string): unknown {
  const [first] = messagesOf(thrown);
  if (!first) return thrown;
  const at = first.location ? pointOf(first.location, folder) : undefined;
  if (!IMPORT_PROBLEM.test(first.text)) return new FanoutError("syntax-error", `${first.text}.`, { at });
  const name = /^Could not resolve "(.*)"/.exec(first.text)?.[1];
  if (name === undefined) return new FanoutError("missing-import", `${first.text}.`, { at });
  const isPackage = !name.startsWith(".") && !path.isAbsolute(name);
  return new FanoutError("missing-import", `'${name}' cannot be found.`, {
    at,
    advice: isPackage ? `Install it with 'npm install ${packageName(name)}'.` : "Check the path.",
  });
}

function messagesOf(thrown: unknown): readonly Message[] {
  if (typeof thrown !== "object" || thrown === null || !("errors" in thrown)) return [];
  return Array.isArray(thrown.errors) ? (thrown.errors as Message[]) : [];
}

/** esbuild counts columns from 0 in bytes. */
function pointOf({ file, line, column, lineText }: Location, folder: string): SourcePoint {
  const before = Buffer.from(lineText).subarray(0, column).toString();
  return { file: path.resolve(folder, file), line, column: before.length + 1 };
}

function packageName(name: string): string {
  return name
    .split("/")
    .slice(0, name.startsWith("@") ? 2 : 1)
    .join("/");
}
