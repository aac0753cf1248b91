import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
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

  test("is the nearest one, and fanout.config.json before package.json beside it", () => {
    expect(new FolderSettings({}).for(file()).project).toEqual({
      ...{ maxMapLength: 10, pools: { gpu: 1 }, targetAirflow: null },
    });
    write("fanout.config.json", { targetAirflow: "3.1", rules: { cycle: "hint" } });
    expect(new FolderSettings({}).for(file())).toMatchObject({
      rules: { cycle: "hint" },
      project: { maxMapLength: null, pools: {}, targetAirflow: "3.1" },
    });
    write("dags/package.json", {});
    expect(new FolderSettings({}).for(file())).toMatchObject({ rules: {}, project: { targetAirflow: null } });
  });

  test("is kept until it is said to have changed", () => {
    const settings = new FolderSettings({});
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
    const { project } = new FolderSettings({ AIRFLOW__CORE__MAX_MAP_LENGTH: value }).for(file());
    expect(project.maxMapLength).toBe(limit);
  });

  test("yields to what an editor sets, not to what it leaves as it is", () => {
    write("package.json", { fanout: { rules: { cycle: "off", "not-mappable": "hint" } } });
    const editor = { ...DEFAULT_SETTINGS, rules: { cycle: "default", "not-mappable": "error" } } as const;
    const { severities } = ruleSettings(new FolderSettings({}).for(file()), editor);
    expect(severities).toEqual({ cycle: "off", "not-mappable": "error" });
  });
});
