import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/**
 * What `npm run verify` leaves to `npm test`, to be done in two minutes: tests that start a compiler, a browser or the
 * command line again and again, beside tests of the same parts that start them less often or not at all.
 */
const LEFT_TO_NPM_TEST = [
  "test/agreement/fuzzServer.test.ts",
  "test/cli/{badInput,check,handles,history,init,output,prune,shapes,tries}.test.ts",
  "test/client/{engineHost,typescriptPlugin}.test.ts",
  "test/docs.test.ts",
  "test/e2eStdio/**",
  "test/examples/examples.test.ts",
  "test/faults/{clock,fullDisk,isolation,killCampaign,killedBackfill,leftovers,owner,resume,sharedProject}.test.ts",
  "test/features/{batch,fixFiles}.test.ts",
  "test/model/mermaidRendering.test.ts",
  "test/runtime/{hostActions,loadModels,loaderMatrix,receivedInputs,scale,spareWorkers,waiting}.test.ts",
  "test/semantics/{backfill,badInput,clear,dependsOnPast,mappedGroupRules,namedInstances,numbering,params,pushChecks,referencesRandom,resizing,schedules,templates,timeouts,xcom}.test.ts",
  "test/testing/docs.test.ts",
  "test/types/{resolution,silence}.test.ts",
  "test/webview/{contrast,interactions,preview}.test.ts",
];
const isSmall = process.env["FANOUT_CAMPAIGN"] === "small";

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
    exclude: ["test/e2e/**", ...(isSmall ? LEFT_TO_NPM_TEST : [])],
    // Most files only compute or wait for processes of their own, so one beside another is quicker than one alone. A process
    // of ours keeps what it loaded for its next file: tests leave nothing behind that the next one could see.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    isolate: false,
    globalSetup: ["./test/support/buildOnce.ts"],
    // Real processes and real files: generous, because a slow machine is not a failure.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Vitest asks for colours in what tests start where its own output has them, as on a CI system.
    env: { NO_COLOR: "1", FORCE_COLOR: "0" },
  },
});

function at(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
