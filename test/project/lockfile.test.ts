import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type LockedPackages, missingOptionalPackages } from "../../scripts/lib/lockfile.mjs";

const text = readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8");
const { packages } = JSON.parse(text) as { packages: LockedPackages };

describe("the lockfile", () => {
  it("has every optional package, or a fresh clone cannot be installed (node scripts/completeLock.mjs)", () => {
    expect(missingOptionalPackages(packages).map(({ name }) => name)).toEqual([]);
  });

  it("names no registry", () => {
    expect(Object.values(packages).filter((locked) => "resolved" in locked)).toEqual([]);
  });
});
