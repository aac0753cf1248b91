import { existsSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { makeExamplesWorkspace } from "../workspace.js";
import { useWindow } from "./support.js";

const window = useWindow({ folder: makeExamplesWorkspace });

test("the machine-learning example is read without a mistake and runs to its metrics", async () => {
  const { workbench, workspace } = window();
  await workbench.page.setViewportSize({ width: 1600, height: 1000 });
  await workbench.openFile("ml_pipeline.dag.ts");
  await workbench.page.locator(".codelens-decoration").getByText("Run").first().waitFor();
  const mistakes = await workbench.problems("fanout");
  expect(await mistakes.count()).toBe(0);
  await workbench.command("View: Close Panel");

  await workbench.command("Fanout: Preview Graph");
  const preview = workbench.webview();
  await preview.getByRole("button", { name: /^train \[/ }).waitFor();
  await workbench.command("Fanout: Run DAG");
  await preview.getByRole("button", { name: /^publish_metrics, success/ }).waitFor();
  await preview.getByRole("button", { name: /^train \[5\].*success/ }).waitFor();
  expect(existsSync(path.join(workspace.folder, "output/metrics.json"))).toBe(true);
  await workbench.page.locator(".activitybar").getByRole("tab", { name: "Fanout" }).click();
  await workbench.page.locator(".part.sidebar .monaco-list-row", { hasText: "ml_pipeline" }).first().click();
  await workbench.page.locator(".part.sidebar .monaco-list-row", { hasText: "train [5]" }).click();
  await workbench.screenshot("ml-pipeline");
});
