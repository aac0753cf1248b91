import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    alias: [
      { find: /^fanout$/, replacement: at("./runtime/src/index.ts") },
      { find: /^#core\/(.*)\.js$/, replacement: `${at("./core/src/")}$1.ts` },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    // The suites in a real VS Code have their own runner: scripts/e2e.mjs.
    exclude: ["test/e2e/**"],
    // Most files only compute or wait for processes of their own, so one beside another is quicker than one alone. A process
    // of ours keeps what it loaded for its next file: tests leave nothing behind that the next one could see.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    isolate: false,
    globalSetup: ["./test/support/buildOnce.ts"],
    // Real processes and real files: generous, because a slow machine is not a failure.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});

function at(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
