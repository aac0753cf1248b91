import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** One way to write something, and who has to say something about it: see test/fixtures/types/mistakes.ts. */
export interface Case {
  /** File name of the case file. */
  readonly file: string;
  readonly id: string;
  /** `fine`, `typescript`, or the name of a rule. */
  readonly owner: string;
  /** Where its tag stands, from 1. */
  readonly line: number;
}

export const CASE_FILES = ["groups.ts", "mappingElt.ts", "mistakes.ts", "variants.ts"] as const;

export function caseText(file: string): string {
  return readFileSync(fileURLToPath(new URL(`../fixtures/types/${file}`, import.meta.url)), "utf8");
}

export const CASES: readonly Case[] = CASE_FILES.flatMap((file) =>
  caseText(file)
    .split("\n")
    .flatMap((text, index): Case[] => {
      const [, id, owner] = /^\/\* (\w+) ([\w-]+): .* \*\//.exec(text) ?? [];
      return id === undefined || owner === undefined ? [] : [{ file, id, owner, line: index + 1 }];
    }),
);

/** The case to which a line belongs: the last one that begins at or above it. */
export function caseAt(file: string, line: number): Case | undefined {
  return CASES.findLast((one) => one.file === file && one.line <= line);
}
