import { expect, test } from "vitest";
import { useWindow } from "./support.js";

const window = useWindow();

test("an instance that failed can be marked, after the window told what that changes; graph and tree follow", async () => {
  const { workbench } = window();
  await workbench.openFile("failing.dag.ts");
  await workbench.untilRead();
  await workbench.command("Fanout: Preview Graph");
  const preview = workbench.webview();
  await preview.getByRole("button", { name: /^invert/ }).waitFor();
  await workbench.command("Fanout: Run DAG");
  await preview.getByRole("button", { name: /^invert \[3\].*failed/ }).waitFor();
  await workbench.openView("Fanout");
  await workbench.unfoldRun("failing", "invert [3]");
  await workbench.unfold("invert [3]");
  await workbench.contextMenu(workbench.row("[1]"), "Mark Success…", "menu-instance");
  await workbench.answer("Mark", "plan-mark");
  await preview.getByRole("button", { name: /^invert \[3\].*success/ }).waitFor();
  await workbench.row("3 success").waitFor();
  await workbench.screenshot("marked");
});

test("what succeeded is not offered to be tried again", async () => {
  const { workbench } = window();
  const titles = await workbench.menuOf(workbench.row("3 success"), "menu-succeeded-task");
  expect(titles).toContain("Clear…");
  expect(titles).not.toContain("Retry Failed…");
});

test("what is cleared is chosen, told and run once more", async () => {
  const { workbench } = window();
  await workbench.contextMenu(workbench.row("invert [3]"), "Clear…", "menu-task");
  await workbench.answer("Clear", "plan-clear");
  await workbench.row("1 failed").waitFor();
  await workbench
    .webview()
    .getByRole("button", { name: /^invert \[3\].*failed/ })
    .waitFor();
  await workbench.screenshot("cleared");
});

test("a run that failed by itself is offered to be tried again, and not to go on: nothing of it is left", async () => {
  const { workbench } = window();
  const titles = await workbench.menuOf(workbench.runRow("failing"), "menu-failed-run");
  expect(titles).toContain("Retry Failed…");
  expect(titles).not.toContain("Resume Run");
});

test("one instance runs by itself", async () => {
  const { workbench } = window();
  await workbench.contextMenu(workbench.row("[2]"), "Run Only This…", "menu-failed-instance");
  await workbench.answer("Run", "plan-only");
  await workbench.row("1 success · 2 not started").waitFor();
  await workbench.screenshot("only");
});
