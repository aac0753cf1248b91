/** `npm run demo:editor`: a real VS Code with the built extension and the examples, in a browser; stays until Ctrl-C. */
import { bootstrap } from "./lib/bootstrap.mjs";
import { inRoot } from "./lib/paths.mjs";
import { runNode } from "./lib/process.mjs";

bootstrap();
process.exitCode =
  (await runNode({ name: "build", args: [inRoot("scripts/build.mjs")] })) ||
  (await runNode({ name: "package", args: [inRoot("scripts/package.mjs")] })) ||
  (await runNode({ name: "editor", args: ["--import", "tsx", inRoot("test/e2e/demoEditor.ts")] }));
