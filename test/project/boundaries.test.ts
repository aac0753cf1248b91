import { ESLint } from "eslint";
import { describe, expect, it } from "vitest";
import tseslint from "typescript-eslint";

const RULE = "@typescript-eslint/no-restricted-imports";

/** The dependency direction, as people would break it: a file of each world and an import that it must not have. */
const refused: readonly (readonly [file: string, imported: string])[] = [
  ["core/src/settings.ts", "node:fs"],
  ["core/src/settings.ts", "ts-morph"],
  ["core/src/settings.ts", "../../runtime/src/index.js"],
  ["runtime/src/index.ts", "./engine/startRun.js"],
  ["runtime/src/authoring/task.ts", "../store/runStore.js"],
  ["runtime/src/engine/plan.ts", "../../../server/src/main.js"],
  ["runtime/src/engine/plan.ts", "vscode"],
  ["runtime/src/engine/plan.ts", "typescript"],
  ["runtime/src/engine/plan.ts", "node-sqlite3-wasm"],
  ["runtime/src/engine/plan.ts", "../../../core/src/model/dag.js"],
  ["runtime/src/engine/plan.ts", "../../../test/support/fixture.js"],
  ["server/src/settings.ts", "vscode"],
  ["server/src/settings.ts", "../../runtime/src/index.js"],
  ["server/src/features/hover.ts", "vscode-languageserver/node"],
  ["client/src/log.ts", "ts-morph"],
  ["client/src/log.ts", "../../server/src/server.js"],
  ["client/src/log.ts", "../../webview/src/main.js"],
  ["webview/src/state.ts", "vscode"],
  ["webview/src/state.ts", "node:path"],
  ["webview/src/state.ts", "mermaid"],
];

const allowed: readonly (readonly [file: string, imported: string])[] = [
  ["core/src/settings.ts", "./model/dag.js"],
  ["runtime/src/engine/plan.ts", "#core/model/dag.js"],
  ["runtime/src/engine/plan.ts", "node:fs"],
  ["runtime/src/store/sqliteDatabase.ts", "node-sqlite3-wasm"],
  ["server/src/server.ts", "vscode-languageserver/node"],
  ["client/src/log.ts", "vscode"],
  ["webview/src/render.ts", "mermaid"],
];

describe("the dependency direction", () => {
  it.each(refused)("%s must not import '%s'", async (file, imported) => {
    expect(await refusals(file, imported)).toEqual([RULE]);
  });

  it.each(allowed)("%s may import '%s'", async (file, imported) => {
    expect(await refusals(file, imported)).toEqual([]);
  });
});

/** Lints one import as if it stood in the file; without types, which this rule does not ask for. */
const eslint = new ESLint({
  overrideConfig: [
    { languageOptions: { parserOptions: { projectService: false } }, rules: { "import-x/no-cycle": "off" } },
    tseslint.configs.disableTypeChecked,
  ],
});

async function refusals(file: string, imported: string): Promise<string[]> {
  const [result] = await eslint.lintText(`import { used } from "${imported}";\nused();\n`, { filePath: file });
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message);
}
