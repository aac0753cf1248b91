import path from "node:path";
import { fileURLToPath } from "node:url";
import { runTests } from "@vscode/test-electron";
import { build } from "esbuild";
import { readSuiteResult, RESULT_FILE_VARIABLE, type SuiteResult } from "./results.js";
import { makeWorkspace } from "./workspace.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const bundledSuite = path.join(root, "dist/e2e/suite.cjs");

/**
 * Runs test/e2e/suite inside the extension host, with the extension as packaged (dist/vsix).
 * @param desktop a VS Code of one's own; without it the server host is used
 */
export async function runSuite(resultFile: string, desktop?: string): Promise<SuiteResult> {
  await bundleSuite();
  const workspace = makeWorkspace();
  try {
    await runTests({
      vscodeExecutablePath: desktop ?? path.join(root, "test/e2e/host/codeShim.ts"),
      extensionDevelopmentPath: path.join(root, "dist/vsix"),
      extensionTestsPath: bundledSuite,
      extensionTestsEnv: { [RESULT_FILE_VARIABLE]: resultFile },
      launchArgs: [workspace.folder],
    }).catch(() => {
      // The result file says what failed; that it is missing says it, too.
    });
    return readSuiteResult(resultFile);
  } finally {
    workspace.remove();
  }
}

/** The extension host loads CommonJS; mocha stays outside because it finds its parts beside itself. */
async function bundleSuite(): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: ["test/e2e/suite/index.ts"],
    outfile: bundledSuite,
    bundle: true,
    platform: "node",
    target: "node20.19",
    format: "cjs",
    external: ["vscode", "mocha"],
    sourcemap: "inline",
    logLevel: "warning",
  });
}
