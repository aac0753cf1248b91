import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DEFAULT_PROJECT_OPTIONS } from "#core/configuration.js";
import { DEFAULT_SETTINGS } from "#core/settings.js";
import { FolderSettings } from "../../server/src/folderSettings.js";
import { ruleSettings } from "../../server/src/ruleSettings.js";

describe("the configuration of a folder", () => {
  let folder = "";
  const file = () => path.join(folder, "dags/inner/a.dag.ts");

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "fanout-config-"));
    mkdirSync(path.dirname(file()), { recursive: true });
    write("package.json", { fanout: { maxMapLength: 10, pools: { gpu: 1 } } });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function write(name: string, content: unknown): void {
    writeFileSync(path.join(folder, name), JSON.stringify(content));
  }

  const settingsIn = (env: Readonly<Record<string, string>> = {}) => new FolderSettings({ env, ruleNames: ["cycle"] });

  test("is the nearest one, and fanout.config.json before package.json beside it", () => {
    expect(settingsIn().for(file()).project).toEqual({
      ...{ ...DEFAULT_PROJECT_OPTIONS, maxMapLength: 10, pools: { gpu: 1 } },
    });
    write("fanout.config.json", { targetAirflow: "3.1", rules: { cycle: "hint" } });
    expect(settingsIn().for(file())).toMatchObject({
      rules: { cycle: "hint" },
      project: { ...DEFAULT_PROJECT_OPTIONS, targetAirflow: "3.1" },
    });
    write("dags/package.json", {});
    expect(settingsIn().for(file())).toMatchObject({ rules: {}, project: { targetAirflow: null } });
  });

  test("is kept until it is said to have changed", () => {
    const settings = settingsIn();
    expect(settings.for(file()).project.maxMapLength).toBe(10);
    write("package.json", { fanout: { maxMapLength: 20 } });
    expect(settings.for(file()).project.maxMapLength).toBe(10);
    settings.forget();
    expect(settings.for(file()).project.maxMapLength).toBe(20);
  });

  test.each([
    ["300", 300],
    [" 7 ", 7],
    ["", 10],
    ["many", 10],
    ["0", 10],
  ])("yields to the environment's limit where that is one: '%s'", (value, limit) => {
    const { project } = settingsIn({ AIRFLOW__CORE__MAX_MAP_LENGTH: value }).for(file());
    expect(project.maxMapLength).toBe(limit);
  });

  test("says of everything that it leaves out where it stands", () => {
    const pretty = (content: unknown) => JSON.stringify(content, null, 2);
    const section = { rules: { cycle: "fatal", circle: "off" }, pools: { gpu: 0 }, maxMapLength: 5, extra: 1 };
    writeFileSync(path.join(folder, "package.json"), pretty({ name: "x", fanout: section }));
    const { rules, project, problems } = settingsIn({ AIRFLOW__CORE__MAX_MAP_LENGTH: "many" }).for(file());
    expect(rules).toEqual({ circle: "off" });
    expect(project).toEqual({ ...DEFAULT_PROJECT_OPTIONS, maxMapLength: 5 });
    expect(problems.map(({ at }) => at?.line)).toEqual([12, 5, 6, 9, undefined]);
    expect(problems[1]?.at).toEqual({ file: path.join(folder, "package.json"), line: 5, column: 7 });
  });

  test.each(["[]", "null", "{", ""])("is none where the file holds '%s'", (text) => {
    writeFileSync(path.join(folder, "fanout.config.json"), text);
    const { project, problems } = settingsIn().for(file());
    expect(project).toEqual(DEFAULT_PROJECT_OPTIONS);
    expect(problems.map(({ at }) => at?.line)).toEqual(text === "null" ? [] : [1]);
  });

  test("yields to what an editor sets, not to what it leaves as it is", () => {
    write("package.json", { fanout: { rules: { cycle: "off", "not-mappable": "hint" } } });
    const editor = { ...DEFAULT_SETTINGS, rules: { cycle: "default", "not-mappable": "error" } } as const;
    const { severities } = ruleSettings(settingsIn().for(file()), editor);
    expect(severities).toEqual({ cycle: "off", "not-mappable": "error" });
  });
});
