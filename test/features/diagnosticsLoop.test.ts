import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { DEFAULT_PROJECT_OPTIONS } from "#core/configuration.js";
import { DiagnosticsLoop, type OpenFile } from "../../server/src/diagnosticsLoop.js";
import type { Finding } from "../../server/src/rules/runRules.js";
import { createMemoryProject } from "../support/memoryProject.js";

const MISTAKES = `
  import { dag, task } from "fanout";
  const add = task({ task_id: "add" }, ({ x }: { x: number }) => x);
  const num = task({ task_id: "num" }, () => 42);
  export default dag({ dag_id: "d" }, () => {
    add.expand({ x: num() });
    add.partial({ x: 1 });
  });
`;

describe("the loop of diagnostics", () => {
  let loop: DiagnosticsLoop | undefined;
  afterEach(() => loop?.dispose());

  /** Checks one file; the `cancelled`-th pieces of work are ended by an edit. Resolves with all that was shown. */
  async function check(cancelled: readonly number[]): Promise<readonly (readonly Finding[])[]> {
    const { workspace, fixture } = createMemoryProject(MISTAKES);
    const text = fixture.files.get(fixture.main) ?? "";
    const file: OpenFile = { uri: "file:///main.ts", fileName: fixture.main, version: 1, text };
    const shown: (readonly Finding[])[] = [];
    let begun = 0;
    await new Promise<void>((resolve, reject) => {
      loop = new DiagnosticsLoop({
        workspace,
        watch: { begin: () => ({ isCancellationRequested: cancelled.includes(begun++) }) },
        isDagFile: () => true,
        openFile: () => file,
        ruleSettings: () => Promise.resolve({ severities: {}, project: DEFAULT_PROJECT_OPTIONS }),
        analysed: () => undefined,
        publish: (published, findings) => {
          shown.push(findings);
          if (loop?.completeFindings(published) !== undefined) resolve();
        },
        failed: (_what, error) => {
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      });
      loop.changed([file.fileName]);
    });
    // It was shown from within the check.
    await nextTurn();
    expect(loop?.isBusy).toBe(false);
    return shown;
  }

  it("shows nothing of a check that an edit ended in the middle, and checks again", async () => {
    const undisturbed = await check([]);
    expect(undisturbed.map((findings) => findings.map(({ phase }) => phase))).toEqual([[1], [2, 1]]);
    // The first two of the phase without types, then one of that with them, which begins with the first again.
    expect(await check([0, 1, 3])).toEqual([undisturbed[0], undisturbed[1]]);
  });
});
