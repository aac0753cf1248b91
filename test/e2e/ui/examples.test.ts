import { existsSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { makeExamplesWorkspace } from "../workspace.js";
import { useWindow } from "./support.js";

// The line that sticks to the top is cut in half wherever the text does not end at a line's edge.
const settings = { "editor.stickyScroll.enabled": false };
const window = useWindow({ folder: makeExamplesWorkspace, settings });

test("the machine-learning example is read without a mistake and runs to its metrics", async () => {
  const { workbench, workspace } = window();
  await workbench.page.setViewportSize({ width: 1800, height: 1000 });
  await workbench.openFile("ml_pipeline.dag.ts");
  await workbench.untilRead();
  const mistakes = await workbench.problems("fanout");
  expect(await mistakes.count()).toBe(0);
  await workbench.page.keyboard.press("Control+j");
  await workbench.page.keyboard.press("Control+End");

  await workbench.command("Fanout: Preview Graph");
  const preview = workbench.webview();
  await preview.getByRole("button", { name: /^train \[/ }).waitFor();
  await workbench.command("Fanout: Run DAG");
  await preview.getByRole("button", { name: /^publish_metrics, success/ }).waitFor();
  await preview.getByRole("button", { name: /^train \[5\].*success/ }).waitFor();
  expect(existsSync(path.join(workspace.folder, "output/metrics.json"))).toBe(true);
  await workbench.openView("Fanout");
  await workbench.unfoldRun("ml_pipeline", "train [5]");
  await workbench.unfold("train [5]");
  await workbench.widen(workbench.page.locator(".part.sidebar"), 90);
  await workbench.widen(workbench.page.locator(".editor-group-container").first(), 90);
  await preview.getByRole("button", { name: "Turn the graph" }).click();
  await workbench.screenshot("preview");
});
