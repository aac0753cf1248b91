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
    globalSetup: ["./test/support/buildOnce.ts"],
    // Real processes and real files: generous, because a slow machine is not a failure.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});

function at(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
