import { expect, test } from "vitest";
import { useWindow } from "./support.js";

const window = useWindow();

test("the preview marks a mapped task, and a run counts its instances and shows their states", async () => {
  const { workbench } = window();
  await workbench.openFile("greetings.dag.ts");
  await workbench.page.locator(".codelens-decoration").getByText("Run").first().waitFor();
  await workbench.command("Fanout: Preview Graph");
  const preview = workbench.webview();
  await preview.getByRole("button", { name: /^greet \[ \]/ }).waitFor();
  await workbench.screenshot("preview");

  await workbench.command("Fanout: Run DAG");
  await preview.getByRole("button", { name: /^greet \[3\].*success/ }).waitFor();
  await preview.getByRole("button", { name: /^list_names, success/ }).waitFor();
  await workbench.screenshot("run-dark");
});

test("the Runs view opens an instance's log", async () => {
  const { workbench } = window();
  await workbench.page.locator(".activitybar").getByRole("tab", { name: "Fanout" }).click();
  const rows = workbench.page.locator(".part.sidebar .monaco-list-row");
  await unfold("greetings");
  await unfold("greet [3]");
  await unfold("[1]");
  await rows.filter({ hasText: "Log" }).first().click();
  await workbench.page.locator(".tab.active", { hasText: "greet [1].log" }).waitFor();
  await expect.poll(() => workbench.visibleText()).toContain("hello Grace");
  await workbench.screenshot("runs");

  async function unfold(label: string): Promise<void> {
    const row = rows.filter({ hasText: label }).first();
    await row.waitFor();
    if ((await row.getAttribute("aria-expanded")) === "false") await row.click();
  }
});

test("a run whose instance fails says which and why", async () => {
  const { workbench } = window();
  await workbench.page.locator(".activitybar").getByRole("tab", { name: "Explorer" }).click();
  await workbench.openFile("failing.dag.ts");
  await workbench.page.locator(".codelens-decoration").getByText("Run").first().waitFor();
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
