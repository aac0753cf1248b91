import { expect, test } from "vitest";
import { useWindow } from "./support.js";

const window = useWindow();

test("mistakes have a squiggle and an entry in Problems", async () => {
  const { workbench } = window();
  await workbench.openFile("mistakes.dag.ts");
  await workbench.squiggles("error").nth(1).waitFor();
  for (const rule of ["unmappable-parameter", "not-mappable"]) {
    const entries = await workbench.problems(rule);
    await entries.first().waitFor();
    expect(await entries.count()).toBe(1);
  }
  await workbench.screenshot("problems");
});

test("the graph of a file with mistakes can still be seen", async () => {
  const { workbench } = window();
  await workbench.page.setViewportSize({ width: 2000, height: 900 });
  await workbench.page.keyboard.press("Control+j");
  await workbench.command("Fanout: Preview Graph");
  await workbench
    .webview()
    .getByRole("button", { name: /^greet/ })
    .waitFor();
  await workbench.page.locator(".part.sidebar .pane-header", { hasText: "Outline" }).click();
  await workbench.row("[2] · BashOperator").waitFor();
  await workbench.row("TypeScript").locator(".monaco-tl-twistie").click();
  await workbench.widen(workbench.page.locator(".editor-group-container.active"), 200);
  await workbench.hover(workbench.word("3").last(), "not-mappable");
  await workbench.screenshot("editor");
  await workbench.page.setViewportSize({ width: 1400, height: 900 });
  await workbench.command("View: Close All Editor Groups");
  await workbench.openFile("mistakes.dag.ts");
});

test("TypeScript knows 'fanout' though the workspace has no node_modules", async () => {
  const { workbench } = window();
  await workbench.hover(workbench.word("partial").first(), "partial");
  const unresolved = await workbench.problems("Cannot find module");
  expect(await unresolved.count()).toBe(0);
  const others = await workbench.problems(/ts\(\d+\)/);
  expect(await others.count()).toBe(0);
});

test("a quick fix takes the mistake away", async () => {
  const { workbench } = window();
  await workbench.placeCursor(workbench.word("pool"));
  await workbench.quickFix("Move 'pool' to 'partial'");
  await expect.poll(() => workbench.visibleText()).toContain('partial({ task_id: "greet", pool: "slots" })');
  const entries = await workbench.problems("unmappable-parameter");
  await entries.first().waitFor({ state: "detached" });
});

test("a hover tells about the task", async () => {
  const { workbench } = window();
  await workbench.openFile("adder.dag.ts");
  await workbench.untilRead();
  await workbench.hover(workbench.word("expand").first(), "[3]");
  await workbench.screenshot("hover");
});
