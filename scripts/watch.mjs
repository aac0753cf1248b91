/** Keeps bundles and types up to date while editing: esbuild's watch and `tsc -b -w` side by side, until Ctrl-C. */
import { spawn } from "node:child_process";
import { bootstrap } from "./lib/bootstrap.mjs";
import { inRoot, root } from "./lib/paths.mjs";

bootstrap();
const { buildTypes } = await import("./buildTypes.mjs");
const { watchBundles } = await import("../esbuild.mjs");
await buildTypes();
await watchBundles();
const tsc = spawn(process.execPath, [inRoot("node_modules/typescript/bin/tsc"), "-b", "-w", "--preserveWatchOutput"], {
  cwd: root,
  stdio: "inherit",
});
tsc.on("exit", (code) => process.exit(code ?? 1));
