/** `npm run package`: the .vsix for this platform and the npm tarball, in dist. `--test` uses the tarball as people would. */
import { statSync } from "node:fs";
import path from "node:path";
import { bootstrap } from "./lib/bootstrap.mjs";
import { root } from "./lib/paths.mjs";

bootstrap();
const { build } = await import("./lib/build.mjs");
const { packageNpm } = await import("./lib/packageNpm.mjs");
const { packageVsix } = await import("./lib/packageVsix.mjs");
await build();
const tarball = packageNpm();
const vsix = await packageVsix();
for (const file of [vsix, tarball]) {
  console.log(`${path.relative(root, file)}  ${(statSync(file).size / 1024 / 1024).toFixed(1)} MB`);
}
if (process.argv.includes("--test")) {
  const { testTarball } = await import("./lib/testTarball.mjs");
  testTarball(tarball);
  console.log("the tarball works from ES modules, from CommonJS and as a command");
}
