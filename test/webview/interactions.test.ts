import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { HostMessage } from "#core/protocol/parse.js";
import type { PageGraph, PageTask } from "#core/protocol/preview.js";
import { adder, overlay, run, runDelta, shown } from "./support/models.js";
import { noBrowser } from "../support/browser.js";
import { startHarness } from "./support/page.js";
import type { Harness, PreviewPage } from "./support/page.js";

/** What VS Code's menus go by. */
function contextOf(
  task_id: string,
  fanoutRun: PageGraph["fanoutRun"],
  fanoutTask: PageTask["fanoutTask"] = "other",
): PageTask & PageGraph {
  return { webviewSection: "task", task_id, fanoutTask, fanoutRun, preventDefaultContextMenuItems: true };
}

describe.skipIf(noBrowser !== null)(
  `what a person does in the preview page${noBrowser === null ? "" : ` (skipped: ${noBrowser})`}`,
  () => {
    let harness: Harness;
    let preview: PreviewPage;

    beforeAll(async () => {
      harness = await startHarness();
    });
    afterAll(async () => {
      await harness.close();
    });

    async function open(message: HostMessage, options?: Parameters<Harness["open"]>[0]): Promise<PreviewPage> {
      preview = await harness.open(options);
      await preview.send(message);
      return preview;
    }

    test("a click selects the node and reveals its source; a double click opens its log", async () => {
      await open(shown(adder(), { run: run("failed", [overlay("add", "failed", { failed: 3 })]) }));
      await preview.drawn();
      await preview.node("add").click();
      expect(await preview.posted()).toContainEqual({ method: "revealTask", params: { task_id: "add" } });
      await preview.node("add").and(preview.page.locator(".selected[aria-pressed=true]")).waitFor();
      await preview.node("add").dblclick();
      expect(await preview.posted()).toContainEqual({ method: "openLog", params: { task_id: "add" } });
      await preview.send({ method: "selectTask", params: { task_id: "total" } });
      await preview.node("total").and(preview.page.locator(".selected")).waitFor();
      expect(await preview.page.locator(".selected").count()).toBe(1);
      await preview.close();
    });

    test("the keyboard reaches every node", async () => {
      await open(shown(adder()));
      await preview.drawn();
      await preview.node("numbers").focus();
      await preview.page.keyboard.press("ArrowRight");
      expect(await preview.focusedLabel()).toMatch(/^add /);
      await preview.page.keyboard.press("End");
      expect(await preview.focusedLabel()).toMatch(/^total/);
      await preview.page.keyboard.press("Home");
      await preview.page.keyboard.press("Enter");
      expect(await preview.posted()).toContainEqual({ method: "revealTask", params: { task_id: "numbers" } });
      expect(await preview.page.locator("g.node[tabindex='0']").count()).toBe(1);
      await preview.close();
    });

    test("the menu of a node knows the task, whether it can be tried again, and whether the shown run can be changed", async () => {
      await open(shown(adder()));
      await preview.drawn();
      expect(await preview.contextOf("add")).toEqual(contextOf("add", "none"));
      await preview.send(shown(adder(), { revision: 2, run: run("running", [overlay("add", "running")]) }));
      await expect.poll(() => preview.contextOf("add")).toEqual(contextOf("add", "live"));
      await preview.send(runDelta(3, "failed", [overlay("add", "failed", { failed: 3 })], { end: 5000 }));
      await expect.poll(() => preview.contextOf("total")).toEqual(contextOf("total", "stopped"));
      await expect.poll(() => preview.contextOf("add")).toEqual(contextOf("add", "stopped", "failed"));
      await preview.close();
    });

    test("Shift+F10 opens the menu of the node that has the focus, also where the system has no such key", async () => {
      for (const mac of [false, true]) {
        await open(shown(adder()), { mac });
        await preview.drawn();
        await preview.page.evaluate(() => {
          document.addEventListener("contextmenu", ({ target }) => {
            document.title = (target as Element).getAttribute("aria-label") ?? "";
          });
        });
        await preview.node("add").focus();
        await preview.page.keyboard.press("Shift+F10");
        await expect.poll(() => preview.page.title()).toMatch(/^add /);
        await preview.close();
      }
    });

    test("hovering tells the counts, and follows the run", async () => {
      const half = overlay("add", "running", { success: 1, running: 2 });
      await open(shown(adder(), { run: run("running", [half]) }));
      await preview.drawn();
      await preview.node("add").hover();
      const tooltip = preview.page.getByRole("tooltip");
      await tooltip.getByText("2 running").waitFor();
      const tasks = [overlay("add", "success", { success: 3 })];
      await preview.send(runDelta(2, "running", tasks));
      await tooltip.getByText("3 success").waitFor();
      await preview.page.keyboard.press("Escape");
      expect(await tooltip.isVisible()).toBe(false);
      await preview.close();
    });

    test("wheel, keys and buttons move the view; the minimap is there while not all is seen", async () => {
      await open(shown(adder()));
      await preview.drawn();
      const view = (): Promise<string> => preview.page.locator(".layer").evaluate((layer) => layer.style.transform);
      const start = await view();
      expect(await preview.page.locator(".minimap").isVisible()).toBe(false);
      await preview.page.mouse.move(500, 300);
      await preview.page.mouse.wheel(0, -900);
      await preview.page.locator(".minimap").waitFor();
      const zoomed = await view();
      expect(zoomed).not.toBe(start);
      await preview.page.mouse.down();
      await preview.page.mouse.move(450, 320, { steps: 4 });
      await preview.page.mouse.up();
      expect(await view()).not.toBe(zoomed);
      await preview.page.keyboard.press("0");
      expect(await view()).toBe(start);
      await preview.page.getByRole("button", { name: "Zoom in" }).click();
      expect(await view()).not.toBe(start);
      await preview.close();
    });

    test("a narrow page reads from top to bottom, and can be turned", async () => {
      await open(shown(adder()), { width: 400 });
      await preview.drawn();
      const isBelow = async (): Promise<boolean> => {
        const [numbers, add] = [await preview.node("numbers").boundingBox(), await preview.node("add").boundingBox()];
        return (numbers?.y ?? 0) + (numbers?.height ?? 0) < (add?.y ?? 0);
      };
      expect(await isBelow()).toBe(true);
      await preview.page.getByRole("button", { name: "Turn the graph" }).click();
      await expect.poll(isBelow).toBe(false);
      await preview.close();
    });

    test("a state picked in the legend dims the others", async () => {
      await open(shown(adder(), { run: run("running", [overlay("numbers", "success")]) }));
      await preview.drawn();
      await preview.page.locator(".chip.state-success").click();
      await preview.node("add").and(preview.page.locator(".dimmed")).waitFor();
      expect(await preview.page.locator(".dimmed").count()).toBe(2);
      await preview.page.locator(".chip.state-success").click();
      await expect.poll(() => preview.page.locator(".dimmed").count()).toBe(0);
      await preview.close();
    });

    test("Run, Cancel, and neither in Restricted Mode", async () => {
      await open(shown(adder()));
      await preview.drawn();
      const button = (name: string) => preview.page.locator("vscode-button:visible", { hasText: name });
      await button("Run").click();
      await preview.send(shown(adder(), { revision: 2, run: run("running", []) }));
      await button("Cancel").click();
      expect((await preview.posted()).map((message) => message.method)).toEqual(["ready", "run", "cancel"]);
      await preview.send(shown(adder(), { revision: 3, canRun: false }));
      await preview.page.getByText("Restricted Mode").waitFor();
      await button("Run").click({ force: true });
      expect(await preview.posted()).toHaveLength(3);
      await preview.close();
    });

    test("several DAGs are chosen from a list", async () => {
      await open(shown(adder(), { dagIds: ["adder", "other"] }));
      await preview.drawn();
      await preview.page.locator("vscode-dropdown").click();
      await preview.page.locator("vscode-option", { hasText: "other" }).click();
      expect(await preview.posted()).toContainEqual({ method: "chooseDag", params: { dag_id: "other" } });
      await preview.close();
    });
  },
);
