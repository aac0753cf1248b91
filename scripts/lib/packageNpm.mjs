import { execFileSync } from "node:child_process";
import path from "node:path";
import { inRoot } from "./paths.mjs";
import { copyInto, emptyStage, fieldsOfManifest, keptDependencies, manifest, writeManifest } from "./stage.mjs";

/** What a person who installs `fanout` from npm gets: the API with its types, the command, and the server behind it. */
const files = [
  "dist/runtime",
  "dist/types",
  "dist/server/main.cjs",
  "dist/server/mainProgram.cjs",
  "dist/server/batch.cjs",
  "dist/server/batchProgram.cjs",
  "docs/rules",
  "schemas",
  "README.md",
  "CHANGELOG.md",
  "LICENSE",
];

/**
 * Makes dist/npm and the tarball beside it.
 * @returns {string} the tarball
 */
export function packageNpm() {
  const stage = emptyStage("npm");
  copyInto(stage, files);
  writeManifest(stage, {
    ...fieldsOfManifest([
      "name",
      "version",
      "description",
      "keywords",
      "license",
      "repository",
      "type",
      "exports",
      "typesVersions",
      "bin",
    ]),
    // For module resolution from before `exports`.
    main: "./dist/runtime/index.cjs",
    types: manifest.types,
    engines: { node: manifest.engines.node },
    dependencies: keptDependencies(),
  });
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", inRoot("dist")];
  const output = execFileSync(npm, args, { cwd: stage, encoding: "utf8", shell: process.platform === "win32" });
  const [packed] = JSON.parse(output);
  return path.join(inRoot("dist"), packed.filename);
}
