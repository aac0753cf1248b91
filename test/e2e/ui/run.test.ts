import { expect, test } from "vitest";
import { useWindow } from "./support.js";

const window = useWindow();

test("the preview marks a mapped task, and a run counts its instances and shows their states", async () => {
  const { workbench } = window();
  await workbench.openFile("greetings.dag.ts");
  await workbench.untilRead();
  await workbench.command("Fanout: Preview Graph");
  const preview = workbench.webview();
  await preview.getByRole("button", { name: /^greet \[ \]/ }).waitFor();
  await workbench.screenshot("preview-before");

  await workbench.command("Fanout: Run DAG");
  await preview.getByRole("button", { name: /^greet \[3\].*success/ }).waitFor();
  await preview.getByRole("button", { name: /^list_names, success/ }).waitFor();
  await workbench.screenshot("run-dark");
});

test("the Runs view opens an instance's log", async () => {
  const { workbench } = window();
  await workbench.openView("Fanout");
  await workbench.unfoldRun("greetings", "greet [3]");
  for (const label of ["greet [3]", "[1]"]) await workbench.unfold(label);
  await workbench.row("Log").click();
  await workbench.page.locator(".tab.active", { hasText: "greet [1].log" }).waitFor();
  await expect.poll(() => workbench.visibleText()).toContain("hello Grace");
  await workbench.screenshot("runs");
});

test("the item of the status bar stays while the graph has the focus", async () => {
  const { workbench } = window();
  await workbench.page.locator(".tab", { hasText: "Graph:" }).click();
  await workbench.page.locator(".editor-group-container.active .tab.active", { hasText: "Graph:" }).waitFor();
  await workbench.page.waitForTimeout(500);
  expect(await workbench.page.locator(".statusbar-item", { hasText: "Fanout" }).count()).toBe(1);
  // What is opened next shall not lie over the graph.
  await workbench.page.locator(".tab", { hasText: "greet [1].log" }).click();
});

test("a run whose instance fails says which and why", async () => {
  const { workbench } = window();
  await workbench.openView("Explorer");
  await workbench.openFile("failing.dag.ts");
  await workbench.untilRead();
  await workbench.command("Fanout: Run DAG");
  const preview = workbench.webview();
  await preview.getByRole("button", { name: /^invert \[3\].*failed/ }).waitFor();
  await workbench.screenshot("failed");
  await workbench
    .notification(/invert/)
    .first()
    .waitFor();
});

test.each([
  ["Light Modern", "light"],
  ["Dark High Contrast", "high-contrast"],
])("the graph can be read in %s", async (theme, name) => {
  const { workbench } = window();
  await workbench.theme(theme);
  await workbench
    .webview()
    .getByRole("button", { name: /^invert/ })
    .waitFor();
  await workbench.screenshot(`run-${name}`);
});
