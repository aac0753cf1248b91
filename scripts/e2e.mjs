/**
 * `npm run e2e`: the suites in a real VS Code. `--suite` or `--ui` runs one of the two, `--packaged` uses the .vsix that is
 * in dist already, `--report FILE` writes the counts as JSON. `FANOUT_SCREENSHOTS=dir` keeps the pictures.
 */
import { bootstrap } from "./lib/bootstrap.mjs";
import { inRoot } from "./lib/paths.mjs";
import { runNode } from "./lib/process.mjs";

bootstrap();
const options = process.argv.slice(2);
const packageFirst = options.includes("--packaged") ? [] : ["build", "package"];
process.exitCode = 0;
for (const script of packageFirst) {
  process.exitCode = await runNode({ name: script, args: [inRoot("scripts", `${script}.mjs`)] });
  if (process.exitCode !== 0) break;
}
if (process.exitCode === 0) {
  const args = ["--import", "tsx", inRoot("test/e2e/run.ts"), ...options.filter((option) => option !== "--packaged")];
  process.exitCode = await runNode({ name: "real VS Code", args });
}
