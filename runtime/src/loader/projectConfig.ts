import { readFileSync } from "node:fs";
import path from "node:path";
import { DEFAULT_PROJECT_OPTIONS, type ProjectOptions, readConfiguration } from "#core/configuration.js";
import type { SourcePoint } from "#core/model/source.js";
import { FanoutError } from "../errors.js";
import { toFanoutError } from "./buildErrors.js";

/** What a project says about how its DAGs run. */
export interface ProjectConfig extends ProjectOptions {
  /** The file that says so; null where there is none. */
  readonly file: string | null;
}

/**
 * The configuration for a DAG file: the nearest `fanout.config.json`, or the section `fanout` of the nearest
 * `package.json`; in one folder the former wins. The language server looks in the same places.
 * @throws FanoutError `invalid-option` where it is not what it should be.
 */
export async function readProjectConfig(dagFile: string): Promise<ProjectConfig> {
  for (let folder = path.dirname(dagFile); ; folder = path.dirname(folder)) {
    const config = await readFrom(path.join(folder, "fanout.config.json"), (content) => content);
    if (config) return config;
    const manifest = await readFrom(path.join(folder, "package.json"), sectionOf);
    if (manifest) return manifest;
    if (folder === path.dirname(folder)) return { ...DEFAULT_PROJECT_OPTIONS, file: null };
  }
}

async function readFrom(file: string, pick: (content: unknown) => unknown): Promise<ProjectConfig | null> {
  const text = readText(file);
  if (text === null) return null;
  const { options, problems } = readConfiguration(pick(await parse(file, text)) ?? {});
  // Severities are of no interest to a run; whoever checks the file tells of them.
  const problem = problems.find(({ path: [key] }) => key !== "rules");
  if (problem === undefined) return { ...options, file };
  throw new FanoutError("invalid-option", problem.message, { at: { file, line: 1, column: 1 } });
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // Most folders have none.
    return null;
  }
}

async function parse(file: string, text: string): Promise<unknown> {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new FanoutError("invalid-option", `The configuration is not JSON: ${reason}.`, {
      at: await placeIn(file, text),
    });
  }
}

/** Node does not say where a text stops being JSON. */
async function placeIn(file: string, text: string): Promise<SourcePoint> {
  const esbuild = await import("esbuild");
  const problem: unknown = await esbuild.transform(text, { loader: "json", sourcefile: file, logLevel: "silent" }).then(
    () => null,
    (thrown: unknown) => toFanoutError(thrown, path.dirname(file)),
  );
  return (FanoutError.is(problem) ? problem.at : undefined) ?? { file, line: 1, column: 1 };
}

function sectionOf(manifest: unknown): unknown {
  return typeof manifest === "object" && manifest !== null && "fanout" in manifest ? manifest.fanout : undefined;
}
