import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readConfiguration } from "#core/configuration.js";
import { RULE_SEVERITIES } from "#core/settings.js";
import { ruleCatalogue } from "../../server/src/rules/index.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const names = ruleCatalogue.map(({ name }) => name);
const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
for (const keyword of ["markdownDescription"]) ajv.addKeyword(keyword);
const [isConfiguration, isPackage] = ["fanout.config", "package"].map((name) =>
  ajv.compile(JSON.parse(readFileSync(path.join(root, `schemas/${name}.schema.json`), "utf8")) as object),
);

/** Mostly what is right, so that the whole is right often enough, too. */
const mostly = <T>(right: fc.Arbitrary<T>, ...wrong: unknown[]) =>
  fc.oneof({ weight: 12, arbitrary: right }, fc.constantFrom(...wrong));
const severity = mostly(fc.constantFrom(...RULE_SEVERITIES), "fatal", 1, null);
const size = mostly(fc.integer({ min: 1, max: 5 }), 0, -1, 1.5, "3", []);
const dictionary = (name: fc.Arbitrary<string>, value: fc.Arbitrary<unknown>) =>
  mostly(fc.dictionary(name, value, { maxKeys: 3 }), [], null, "x");
const version = mostly(
  fc.stringMatching(/^[23]\.\d{1,2}(\.\d)?$/),
  ...["2.2", "4.0", "3", "3.1.", "03.1", " 3.1", 3.1],
);
const given = {
  $schema: fc.anything({ maxDepth: 0 }),
  rules: dictionary(mostly(fc.constantFrom(...names), "no-such-rule") as fc.Arbitrary<string>, severity),
  pools: dictionary(fc.string(), size),
  maxMapLength: fc.option(size),
  targetAirflow: fc.option(version),
};
const configuration = mostly(
  fc.oneof(
    { weight: 9, arbitrary: fc.record(given, { requiredKeys: [] }) },
    fc.record({ ...given, maxMapLenght: size }, { requiredKeys: ["maxMapLenght"] }),
  ),
  ...[null, [], "x", 1],
);

describe("the schema of the configuration", () => {
  test("accepts exactly what is read without a problem", () => {
    const seen = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(configuration, (chosen) => {
        const value = JSON.parse(JSON.stringify(chosen)) as unknown;
        const { problems } = readConfiguration(value, names);
        const isAccepted = problems.length === 0;
        seen[isAccepted ? "accepted" : "refused"]++;
        expect(isConfiguration?.(value), JSON.stringify(value)).toBe(isAccepted);
        expect(isPackage?.({ name: "x", dependencies: {}, fanout: value })).toBe(isAccepted);
      }),
      { numRuns: 1000 },
    );
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(50);
  });

  test("says nothing about a package.json without a section of ours", () => {
    expect(isPackage?.(JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")))).toBe(true);
  });

  test("accepts what the documents show", () => {
    const documents = ["docs/cli.md"].map((file) => readFileSync(path.join(root, file), "utf8"));
    const shown = documents
      .flatMap((text) => [...text.matchAll(/```json\n(\{[\s\S]*?\})\n```/g)])
      .map(([, json = ""]) => json);
    const configurations = shown
      .map((json) => JSON.parse(json) as object)
      .filter((value) => "pools" in value || "rules" in value);
    expect(configurations.length).toBeGreaterThan(0);
    for (const value of configurations) expect(isConfiguration?.(value), JSON.stringify(value)).toBe(true);
  });

  test("is where the extension says it is", () => {
    const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
      contributes: { jsonValidation: { fileMatch: string; url: string }[] };
    };
    const { jsonValidation } = manifest.contributes;
    expect(jsonValidation.map(({ fileMatch }) => fileMatch)).toEqual(["fanout.config.json", "package.json"]);
    for (const { url } of jsonValidation) expect(existsSync(path.join(root, url))).toBe(true);
  });
});
