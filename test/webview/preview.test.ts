import type { GroupNode } from "#core/model/dag.js";
import axe from "axe-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { HostMessage } from "#core/protocol/parse.js";
import { HOSTILE_NAMES } from "./support/hostileNames.js";
import {
  adder,
  group,
  mapped,
  model,
  overlay,
  run,
  runDelta,
  salesDaily,
  salesRun,
  shown,
  snapshot,
  task,
} from "./support/models.js";
import { noBrowser } from "../support/browser.js";
import { startHarness } from "./support/page.js";
import type { Harness, PreviewPage } from "./support/page.js";
import { THEME_NAMES } from "./support/themes.js";

describe.skipIf(noBrowser !== null)(`the preview page${noBrowser === null ? "" : ` (skipped: ${noBrowser})`}`, () => {
  let harness: Harness;
  let preview: PreviewPage;

  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(async () => {
    await harness.close();
  });

  async function open(message: HostMessage, options?: Parameters<Harness["open"]>[0]): Promise<void> {
    preview = await harness.open(options);
    await preview.send(message);
  }

  test("says it is ready, and draws the graph with its brackets", async () => {
    await open(shown(adder()));
    await preview.drawn();
    expect(await preview.labels()).toEqual(["numbers", "add [ ]", "total"]);
    expect(await preview.posted()).toEqual([{ method: "ready", params: null }]);
    expect(await preview.page.locator("h1").textContent()).toBe("adder");
    expect(await preview.page.locator("path.flowchart-link").count()).toBe(2);
    await preview.close();
  });

  test("marks mapped groups with what is in them, setups and teardowns, and says so", async () => {
    const over = { name: "x", source: { type: "literal", length: 3 } } as const;
    const region: GroupNode = { ...group("region"), mapping: { kind: "expand", inputs: [over] } };
    const tasks = [
      task("create", { role: "setup" }),
      task("region.load", { group_id: "region" }),
      mapped("delete", [{ type: "literal", length: 2 }], { role: "teardown" }),
    ];
    await open(shown(model(tasks, ["create > region.load", "region.load > delete"], { groups: [region] })));
    await preview.drawn();
    expect(await preview.page.locator("g.cluster .cluster-label").allTextContents()).toEqual(["region [3]"]);
    expect(await preview.labels()).toEqual(["load [3]", "create", "delete [2]"]);
    expect(await preview.page.locator("g.node .role").allTextContents()).toEqual(["↗", "↘"]);
    expect(await preview.node("delete").getAttribute("aria-label")).toContain("delete [2], mapped, teardown");
    await preview.close();
  });

  test("a run's states and counts are patched into the drawing that is there", async () => {
    await open(shown(adder(), { run: run("running", [overlay("numbers", "running")]) }));
    await preview.drawn();
    await preview.tagDrawing();
    const counts = { success: 1, running: 1, failed: 1 };
    const tasks = [overlay("numbers", "success"), overlay("add", "failed", counts)];
    await preview.send(runDelta(2, "running", tasks));
    await preview.node("add").and(preview.page.locator(".state-failed")).waitFor();
    expect(await preview.labels()).toEqual(["numbers", "add [3]", "total"]);
    expect(await preview.node("add").getAttribute("aria-label")).toMatch(/^add \[3\].*1 success, 1 failed, 1 running/);
    expect(await preview.node("add").locator(".segment:visible").count()).toBe(3);
    expect(await preview.page.locator(".chip:visible b").allTextContents()).toEqual(["1", "1", "1"]);
    expect(await preview.isSameDrawing()).toBe(true);
    await preview.send(runDelta(3, "failed", [], { end: Date.now() }));
    await preview.page.locator(".run.state-failed").waitFor();
    await preview.send(runDelta(4, "failed", [], { stopped: "cancelled", end: Date.now() }));
    await preview.page.locator(".run:not(.state-failed) .run-state", { hasText: "cancelled" }).waitFor();
    await preview.close();
  });

  test("edges into a running task move, unless motion is unwanted", async () => {
    await open(shown(adder(), { run: run("running", [overlay("add", "running", { running: 3 })]) }));
    await preview.drawn();
    const active = preview.page.locator("path.active");
    expect(await active.count()).toBe(1);
    const animation = (): Promise<string> => active.evaluate((path) => getComputedStyle(path).animationName);
    expect(await animation()).toBe("flow");
    await preview.page.emulateMedia({ reducedMotion: "reduce" });
    expect(await animation()).toBe("none");
    await preview.close();
  });

  test("with many running tasks nothing moves", async () => {
    const tasks = Array.from({ length: 20 }, (_, index) => task(`t${index}`));
    const states = tasks.map(({ task_id }) => overlay(task_id, "running"));
    await open(shown(model(tasks), { run: run("running", states) }));
    await preview.drawn();
    const moving = preview.page.locator("g.node .state-glyph").first();
    expect(await moving.evaluate((glyph) => getComputedStyle(glyph).animationName)).toBe("none");
    await preview.close();
  });

  test("a missed revision asks for a snapshot", async () => {
    await open(shown(adder(), { run: run("running", []) }));
    await preview.drawn();
    await preview.send(runDelta(7, "running", []));
    await preview.settled();
    expect(await preview.posted()).toContainEqual({ method: "resync", params: null });
    await preview.close();
  });

  test("an edit lays out anew only where the structure changed, and keeps selection and focus", async () => {
    await open(shown(adder()));
    await preview.drawn();
    await preview.node("add").click();
    await preview.tagDrawing();
    await preview.send(shown(adder(), { revision: 2, notice: { severity: "warning", text: "Last good graph." } }));
    await preview.page.getByText("Last good graph.").waitFor();
    expect(await preview.isSameDrawing()).toBe(true);
    const grown = adder();
    await preview.send(
      shown(
        { ...grown, tasks: [...grown.tasks, task("report")], edges: [...grown.edges, { from: "total", to: "report" }] },
        { revision: 3 },
      ),
    );
    await preview.node("report").waitFor();
    expect(await preview.isSameDrawing()).toBe(false);
    expect(await preview.node("add").getAttribute("aria-pressed")).toBe("true");
    expect(await preview.focusedLabel()).toMatch(/^add /);
    expect(await preview.page.getByText("Last good graph.").count()).toBe(0);
    await preview.close();
  });

  test("of edits that come while a graph is laid out, the last one is shown", async () => {
    await open(shown(model([task("first")])));
    for (const [index, name] of ["second", "third", "last"].entries()) {
      await preview.send(shown(model([task(name)]), { revision: index + 2 }));
    }
    await preview.node("last").waitFor();
    await preview.settled();
    expect(await preview.labels()).toEqual(["last"]);
    await preview.close();
  });

  test("says what to do where there is no DAG, and shows what reading could not decide", async () => {
    await open(shown(null));
    await preview.page.getByRole("heading", { name: "No DAG in this file" }).waitFor();
    const unresolved = [
      { what: "loop", reason: "The loop's list is not known.", span: { file: "/a.ts", line: 7, column: 1 } },
    ] as const;
    await preview.send(shown({ ...adder(), unresolved }, { revision: 2 }));
    await preview.page.locator("summary").click();
    await preview.page.getByText("Line 7: The loop's list is not known.").waitFor();
    await preview.close();
  });

  test("a huge DAG is drawn on request only", async () => {
    await open(shown(model(Array.from({ length: 301 }, (_, index) => task(`t${index}`)))));
    await preview.page.locator("vscode-button", { hasText: "Draw it" }).waitFor();
    expect(await preview.page.locator("g.node").count()).toBe(0);
    await preview.close();
  });

  test("says that a large DAG is being drawn, only until it is", async () => {
    preview = await harness.open();
    const seen = preview.page.evaluate(noticesWhileDrawing);
    await preview.send(shown(model(Array.from({ length: 151 }, (_, index) => task(`t${index}`)))));
    expect(await seen).toEqual({ before: 1, after: 0 });
    await preview.close();
  });

  test("a change of theme changes colours without a second layout", async () => {
    await open(shown(salesDaily(), { run: salesRun() }));
    await preview.drawn();
    await preview.tagDrawing();
    const colour = (): Promise<string> =>
      preview.page
        .locator("g.node.state-success .label-container")
        .first()
        .evaluate((box) => getComputedStyle(box).stroke);
    const dark = await colour();
    await preview.setTheme("light");
    expect(await colour()).not.toBe(dark);
    expect(await preview.isSameDrawing()).toBe(true);
    await preview.close();
  });

  test("hostile names are text, whatever they contain", async () => {
    const tasks = HOSTILE_NAMES.map((name, index) => {
      const group_id = `in ${name}`;
      return index % 2 === 0 ? task(name, { group_id }) : mapped(name, [{ type: "unresolved" }], { group_id });
    });
    const groups = HOSTILE_NAMES.map((name) => group(`in ${name}`));
    await open(shown(model(tasks, [], { groups, dag_id: "<img src=x onerror='window.hacked = 1'>" })));
    await preview.drawn();
    const names = await preview.page.locator("g.node .name").evaluateAll((all) => all.map((each) => each.textContent));
    expect(names).toEqual(HOSTILE_NAMES);
    const groupNames = await preview.page
      .locator("g.cluster-label .nodeLabel")
      .evaluateAll((all) => all.map((each) => each.textContent));
    expect(groupNames.sort()).toEqual(groups.map((each) => each.group_id).sort());
    const active = "script:not([nonce]), img, iframe, object, embed, #app a, [onload], [onerror], [onclick]";
    expect(await preview.page.locator(active).count()).toBe(0);
    expect(await preview.page.evaluate(() => "hacked" in window)).toBe(false);
    expect(await preview.page.locator("#app").evaluate((app) => app.getAttribute("style"))).toBeNull();
    await preview.close();
  });

  test("axe finds nothing, in any theme, with and without a graph", async () => {
    const busy = snapshot(salesDaily(), {
      run: salesRun(),
      selected: "transform.clean",
      dagIds: ["sales_daily", "other"],
      notice: { severity: "warning", text: "The file does not parse: this is the last good graph." },
    });
    await open({ method: "snapshot", params: busy }, { width: 1600 });
    await preview.drawn();
    for (const theme of THEME_NAMES) {
      await preview.setTheme(theme);
      expect(await axeViolations()).toEqual([]);
    }
    await preview.send(shown(null, { revision: 2, notice: { severity: "error", text: "No DAG." } }));
    await preview.page.getByRole("heading", { name: "No DAG in this file" }).waitFor();
    for (const theme of THEME_NAMES) {
      await preview.setTheme(theme);
      expect(await axeViolations()).toEqual([]);
    }
    await preview.close();
  });
  async function axeViolations(): Promise<string[]> {
    await preview.page.evaluate(axe.source);
    return preview.page.evaluate(async () => {
      const { violations } = await (window as unknown as { axe: typeof axe }).axe.run();
      return violations.flatMap(({ id, nodes }) => nodes.map((each) => `${id}: ${each.html}`));
    });
  }

  test.each([230, 400, 560, 700])(
    "in %i pixels states keep their names, and nothing lies over the minimap",
    async (width) => {
      await open(shown(salesDaily(), { run: salesRun() }), { width });
      await preview.drawn();
      const { page } = preview;
      const names = page.locator(".chip:visible span:not(.codicon)");
      const shownNames = await names.evaluateAll((all) =>
        all.filter((each) => each.getBoundingClientRect().width > 20),
      );
      expect(shownNames.length).toBeGreaterThan(3);
      expect(shownNames.length).toBe(await names.count());
      const [tools, minimap] = [
        await page.locator(".tools").boundingBox(),
        await page.locator(".minimap").boundingBox(),
      ];
      if (tools === null || minimap === null) throw new Error("not shown");
      const isBeside = tools.x + tools.width <= minimap.x || tools.x >= minimap.x + minimap.width;
      const isAbove = tools.y + tools.height <= minimap.y || tools.y >= minimap.y + minimap.height;
      expect(isBeside || isAbove).toBe(true);
      await preview.close();
    },
  );

  test("from 400 to 1600 pixels nothing leaves the window", async () => {
    const notice = { severity: "error", text: "x".repeat(300) } as const;
    await open(shown(salesDaily(), { run: salesRun(), notice, canRun: false, dagIds: ["sales_daily", "other"] }));
    await preview.drawn();
    for (const width of [400, 550, 700, 1000, 1100, 1600]) {
      await preview.page.setViewportSize({ width, height: 640 });
      await preview.settled();
      const outside = await preview.page
        .locator("header *, .notices *, .tools, .minimap")
        .evaluateAll((all) =>
          all
            .filter((each) => each.getBoundingClientRect().right > window.innerWidth + 1)
            .map((each) => String(each.getAttribute("class"))),
        );
      expect({ width, outside }).toEqual({ width, outside: [] });
      expect(await preview.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
    await preview.close();
  });
});

/** Runs in the page: how many notices a person sees at most before the graph is there, and then. */
async function noticesWhileDrawing(): Promise<{ before: number; after: number }> {
  const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
  const notices = (): number => document.querySelectorAll(".notice").length;
  let before = 0;
  while (document.querySelector("g.node .card") === null) {
    before = Math.max(before, notices());
    await frame();
  }
  await frame();
  return { before, after: notices() };
}
