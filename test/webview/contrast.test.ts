import { INSTANCE_STATES } from "#core/model/run.js";
import type { InstanceState } from "#core/model/run.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noBrowser } from "../support/browser.js";
import { model, overlay, run, shown, task } from "./support/models.js";
import { startHarness } from "./support/page.js";
import type { Harness } from "./support/page.js";
import { THEME_NAMES } from "./support/themes.js";

/** What the page promises of whatever tells a state, and what WCAG asks of text. */
const GRAPHICS = 3;
const TEXT = 4.5;

describe.skipIf(noBrowser !== null)(`colours of states${noBrowser === null ? "" : ` (skipped: ${noBrowser})`}`, () => {
  let harness: Harness;

  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(async () => {
    await harness.close();
  });

  test.each(THEME_NAMES)("every state has a box, a glyph and a name that can be seen: %s", async (theme) => {
    const preview = await harness.open({ theme });
    // What was running when its run ended is shown as lost: like `cancelled`, no state that a record has.
    await preview.send(everyState("failed", ["lost", "cancelled"]));
    await preview.drawn();
    const faint = [...(await preview.page.locator("g.node").evaluateAll(contrasts))];
    await preview.send(everyState("running", INSTANCE_STATES));
    await preview.node("upstream_failed").waitFor();
    await preview.settled();
    faint.push(...(await preview.page.locator("g.node").evaluateAll(contrasts)));
    expect(faint.map(({ state }) => state)).toEqual(["lost", "cancelled", ...INSTANCE_STATES]);
    expect(faint.filter(({ graphics, text }) => !(graphics >= GRAPHICS && text >= TEXT))).toEqual([]);
    await preview.close();
  });
});

/** A task of every state, named by it. */
function everyState(state: "failed" | "running", names: readonly string[]): ReturnType<typeof shown> {
  const states = names.map((name) => {
    if (name === "lost") return overlay(name, "running");
    if (name === "cancelled") return { ...overlay(name, "failed", { failed: 1 }), cancelled: 1 };
    return overlay(name, name as InstanceState);
  });
  return shown(model(names.map((name) => task(name))), {
    revision: state === "failed" ? 1 : 2,
    run: run(state, states),
  });
}

/** Runs in the page: how each node stands out, at its weakest place, as it is painted. */
function contrasts(nodes: readonly Element[]): { state: string; graphics: number; text: number }[] {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("no canvas");
  const painted = (...layers: readonly string[]): number[] => {
    // `none` and what else is no colour leaves what is below it, as in the page.
    for (const layer of layers) {
      context.fillStyle = "transparent";
      context.fillStyle = layer;
      context.fillRect(0, 0, 1, 1);
    }
    return Array.from(context.getImageData(0, 0, 1, 1).data.slice(0, 3));
  };
  const luminance = (colour: readonly number[]): number => {
    const [r = 0, g = 0, b = 0] = colour.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one: readonly number[], other: readonly number[]): number => {
    const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const ground = getComputedStyle(document.body).backgroundColor;
  const styleOf = (node: Element, selector: string): CSSStyleDeclaration => {
    const part = node.querySelector(selector);
    if (part === null) throw new Error(`no ${selector}`);
    return getComputedStyle(part);
  };
  return nodes.map((node) => {
    const { fill, stroke } = styleOf(node, ".label-container");
    const inside = painted(ground, fill);
    const outside = painted(ground);
    return {
      state: node.querySelector(".name")?.textContent ?? "",
      graphics: Math.min(
        contrast(painted(ground, stroke), outside),
        contrast(painted(ground, fill, stroke), inside),
        contrast(painted(ground, fill, styleOf(node, ".state-glyph").color), inside),
      ),
      text: contrast(painted(ground, fill, styleOf(node, ".name").color), inside),
    };
  });
}
