import { readFileSync, statSync } from "node:fs";
import type { CodeVersion, InstanceDetails } from "#core/model/run.js";

const LARGEST = 4 * 1024 * 1024;

/** The text of a source file for a code frame; undefined where there is none worth showing. */
export function readSource(file: string): string | undefined {
  try {
    return statSync(file).size <= LARGEST ? readFileSync(file, "utf8") : undefined;
  } catch {
    return undefined;
  }
}

/** The text as it was at a moment, in milliseconds since the epoch: none of a file that was written since. */
export function sourceOf(moment: number): typeof readSource {
  return (file) => (writtenAt(file) > moment ? undefined : readSource(file));
}

/** Of the code that the newest try of an instance ran with: its lines are in files as they were when that was first used. */
export function sourceOfTry(
  { tries }: Pick<InstanceDetails, "tries">,
  versions: readonly CodeVersion[],
): typeof readSource {
  const hash = tries.at(-1)?.code_hash ?? null;
  const version = versions.find((one) => one.hash === hash);
  return version === undefined ? readSource : sourceOf(Date.parse(version.at));
}

function writtenAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
