import { defineConfig } from "vitest/config";

/** The tests that drive a whole VS Code window: one at a time, each file with a window of its own. */
export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    include: ["test/e2e/ui/**/*.test.ts"],
    fileParallelism: false,
    // A person whose click missed because the window was just redrawn would click again, too; a mistake of ours fails twice.
    retry: 1,
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
});
