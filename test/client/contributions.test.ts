import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { LENS_COMMANDS } from "#core/protocol/lensCommands.js";
import { DEFAULT_SETTINGS, normaliseSettings } from "#core/settings.js";
import { CONTEXT_KEYS, VIEW_IDS, commands, menus, settings, viewsWelcome } from "../../client/src/contributions.js";
import { walkthroughSteps } from "../../client/src/walkthrough.js";
import { ruleCatalogue } from "../../server/src/rules/index.js";
import { withContributions } from "../../scripts/generate/manifest.js";
import { protocolDocument } from "../../scripts/generate/protocol.js";

const root = path.resolve(import.meta.dirname, "../..");
const manifestText = readFileSync(path.join(root, "package.json"), "utf8");

describe("the manifest", () => {
  it("holds what is contributed", () => {
    expect(withContributions(manifestText, ruleCatalogue)).toBe(manifestText);
  });

  it("lets the palette offer only what works without an argument", () => {
    const { contributes } = JSON.parse(manifestText) as {
      contributes: { menus: { commandPalette: { command: string; when: string }[] } };
    };
    const hidden = contributes.menus.commandPalette.filter(({ when }) => when === "false");
    const needingNode = Object.entries(commands).filter(([, { palette }]) => palette === "never");
    expect(hidden.map(({ command }) => command)).toEqual(needingNode.map(([id]) => id));
  });

  it("has a command for each code lens", () => {
    for (const id of Object.values(LENS_COMMANDS)) expect(Object.keys(commands)).toContain(id);
  });

  it("has a page for each step of the walkthrough, and refers only to files that exist", () => {
    const files = manifestText.match(/(?<=")media\/[^"]+/g) ?? [];
    expect(files.length).toBeGreaterThan(walkthroughSteps.length);
    expect(files.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
  });

  it("asks in its menus only for context that somebody sets", () => {
    const asked = Object.values(menus)
      .flat()
      .flatMap(({ when }) => when.match(/fanout\.(?!(?:runs|dags|preview)\b)\w+/g) ?? []);
    expect(Object.values<string>(CONTEXT_KEYS)).toEqual(expect.arrayContaining(asked));
  });

  it("says that there are no DAGs only once it has looked for them", () => {
    const [none] = viewsWelcome.filter(({ view, contents }) => view === VIEW_IDS.dags && contents.includes("fanout"));
    expect(none?.when).toContain(CONTEXT_KEYS.dagsRead);
  });

  it("has a setting for each rule, and defaults that the code agrees with", () => {
    const { contributes } = JSON.parse(manifestText) as {
      contributes: { configuration: { properties: Record<string, { default: unknown }> } };
    };
    const { properties } = contributes.configuration;
    for (const { name } of ruleCatalogue) expect(properties).toHaveProperty([`fanout.rules.${name}`]);
    const given = Object.keys(settings).map((name) => [name.replace("fanout.", ""), properties[name]?.default]);
    expect(normaliseSettings(Object.fromEntries(given))).toEqual(DEFAULT_SETTINGS);
  });
});

describe("the list of messages", () => {
  it("is up to date and says what each one means", () => {
    const made = protocolDocument(path.join(root, "core/src/protocol"));
    const rows = made.split("\n").filter((line) => line.startsWith("| `"));
    expect(rows.filter((row) => row.endsWith("|  |"))).toEqual([]);
    const committed = readFileSync(path.join(root, "docs/protocol.md"), "utf8");
    for (const row of rows) expect(committed).toContain(row.split("|")[1]?.trim());
  });
});
