import { readFileSync } from "node:fs";
import path from "node:path";
import { ts } from "ts-morph";
import type { SourcePoint } from "#core/model/source.js";

/** A file that holds a configuration, as it is written. */
export interface ConfigFile {
  /** Undefined where the file is not JSON; null where a package.json has no such section. */
  readonly content: unknown;
  /** Where a value stands, by names from the outside; the file's beginning where it is not there. */
  readonly placeOf: (names: readonly string[]) => SourcePoint;
}

/** The configuration that lies in a folder: `fanout.config.json`, else the section of `package.json`; undefined where there is neither. */
export function readConfigFile(folder: string): ConfigFile | undefined {
  return read(path.join(folder, "fanout.config.json"), []) ?? read(path.join(folder, "package.json"), ["fanout"]);
}

/** True for the names of files that hold a configuration. */
export function holdsConfiguration(fileName: string): boolean {
  return ["fanout.config.json", "package.json"].includes(path.basename(fileName));
}

function read(file: string, section: readonly string[]): ConfigFile | undefined {
  const text = textOf(file);
  if (text === undefined) return undefined;
  return {
    content: contentOf(text, section),
    placeOf: (names) => placeIn(file, text, [...section, ...names]),
  };
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // Most folders have none.
    return undefined;
  }
}

function contentOf(text: string, section: readonly string[]): unknown {
  try {
    return section.reduce<unknown>((value, name) => property(value, name) ?? null, JSON.parse(text));
  } catch {
    return undefined;
  }
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : null;
}

/** The name of the innermost value that is there. */
function placeIn(file: string, text: string, names: readonly string[]): SourcePoint {
  const json = ts.parseJsonText(file, text);
  let node: ts.Node | undefined = json.statements[0]?.expression;
  let found: ts.Node | undefined;
  for (const name of names) {
    const next: ts.ObjectLiteralElementLike | undefined =
      node !== undefined && ts.isObjectLiteralExpression(node)
        ? node.properties.find(
            (each) => each.name !== undefined && ts.isStringLiteral(each.name) && each.name.text === name,
          )
        : undefined;
    if (next === undefined) break;
    found = next.name;
    node = ts.isPropertyAssignment(next) ? next.initializer : undefined;
  }
  const { line, character } = json.getLineAndCharacterOfPosition(found?.getStart(json) ?? 0);
  return { file, line: line + 1, column: character + 1 };
}
