/** Adds the platforms' binaries to package-lock.json that npm left out; run it when test/project/lockfile.test.ts says so. */
import { readFileSync, writeFileSync } from "node:fs";
import { lockedBinary, missingOptionalPackages } from "./lib/lockfile.mjs";
import { inRoot } from "./lib/paths.mjs";

const file = inRoot("package-lock.json");
const lock = JSON.parse(readFileSync(file, "utf8"));
const missing = missingOptionalPackages(lock.packages);
for (const binary of missing) lock.packages[`node_modules/${binary.name}`] = lockedBinary(binary);
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, "en")));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`added ${missing.length} packages`);
