import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { startCli } from "../../cli/support/cliProcess.js";
import { useWindow } from "./support.js";

const window = useWindow();

const THEMES = [
  ["Dark Modern", "dark"],
  ["Light Modern", "light"],
  ["Dark High Contrast", "high-contrast"],
] as const;

/** Its instances have names, and end when the file `go` is there. */
const slowDag = (go: string): string => `import { existsSync } from "node:fs";
import { dag, task } from "fanout";

const train = task(
  { task_id: "train", map_index_template: "{{ task.op_kwargs.model }}" },
  async ({ model }: { model: string }) => {
    while (!existsSync(${JSON.stringify(go)})) await new Promise((resolve) => setTimeout(resolve, 50));
    return model;
  },
);

export default dag({ dag_id: "slow" }, () => {
  train.expand({ model: ["svm", "forest"] });
});
`;

test("a run whose process was killed is told as lost, and goes on from the tree", async () => {
  const { workbench, workspace } = window();
  const go = path.join(workspace.folder, "..", "go");
  writeFileSync(path.join(workspace.folder, "slow.dag.ts"), slowDag(go));
  const run = startCli(["run", "slow.dag.ts", "--parallelism", "2", "--format", "ndjson"], workspace.folder);
  await expect.poll(() => run.stdout(), { timeout: 60_000 }).toMatch(/"name":"svm".*"name":"forest"/s);
  run.child.kill("SIGKILL");
  await run.ended;
  await workbench.openView("Fanout");
  await workbench.command("Fanout: Refresh Runs");
  await workbench.unfoldRun("slow", "train [2]");
  await workbench.row("2 lost").waitFor();
  await workbench.unfold("train [2]");
  await workbench.row("[1] forest").waitFor();
  writeFileSync(go, "");
  await workbench.contextMenu(workbench.runRow("slow"), "Resume Run", "menu-lost-run");
  await workbench.row("2 success").waitFor();
  // The editor has this library somewhere else than the command, which is no other code.
  expect(await workbench.notification(/code of 'slow'/).count()).toBe(0);
  await workbench.screenshot("resumed");
});

test("a run that is cancelled says so of each instance, in the tree and on the graph, and goes on from there", async () => {
  const { workbench, workspace } = window();
  const go = path.join(workspace.folder, "..", "go-on");
  writeFileSync(path.join(workspace.folder, "stopped.dag.ts"), slowDag(go).replace('"slow"', '"stopped"'));
  await workbench.openView("Explorer");
  await workbench.openFile("stopped.dag.ts");
  await workbench.untilRead();
  await workbench.command("Fanout: Preview Graph");
  await workbench.command("Fanout: Run DAG");
  const node = (state: string) =>
    workbench.webview().getByRole("button", { name: new RegExp(`^train \\[2\\].*${state}`) });
  await node("running").waitFor();
  await workbench.openView("Fanout");
  await workbench.contextMenu(workbench.runRow("stopped"), "Cancel Run", "menu-running-run");
  await node("cancelled").waitFor();
  await workbench.unfoldRun("stopped", "2 cancelled");
  await workbench.unfold("train [2]");
  await workbench.row("[1] forest").filter({ hasText: "cancelled" }).waitFor();
  for (const [theme, name] of THEMES.toReversed()) {
    await workbench.theme(theme);
    await workbench.screenshot(`cancelled-${name}`);
  }
  writeFileSync(go, "");
  await workbench.contextMenu(workbench.runRow("stopped"), "Resume Run", "menu-cancelled-run");
  await workbench.row("2 success").waitFor();
  await node("success").waitFor();
});

test("a lens runs one instance, which is chosen or typed", async () => {
  const { workbench } = window();
  await workbench.openView("Explorer");
  await workbench.openFile("failing.dag.ts");
  await workbench.untilRead();
  await workbench.screenshot("lenses");
  await workbench.lens("Run one instance…").click();
  const input = workbench.page.locator(".quick-input-widget input");
  await input.fill("2");
  await workbench.screenshot("lens-instance");
  await workbench.quickPick("[2]");
  await workbench.answer("Run", "plan-lens");
  await workbench.openView("Fanout");
  await workbench.unfoldRun("failing", "invert [3]");
  await workbench.row("1 success · 2 not started").waitFor();
});

test("one instance is cleared, and its earlier try keeps its log", async () => {
  const { workbench } = window();
  await workbench.command("Fanout: Preview Graph");
  await workbench.command("Fanout: Run DAG");
  await workbench.row("1 failed · 2 success").waitFor();
  await workbench.unfold("invert [3]");
  // Not the one of the other run, which is first as long as this one is folded.
  const failed = workbench.row("[1]").filter({ hasText: "failed" });
  await workbench.contextMenu(failed, "Clear…", "menu-clear-instance");
  await workbench.answer("Clear", "plan-clear-instance");
  await workbench.row("[1]").filter({ hasText: "try 2" }).waitFor();
  await workbench.unfold("[1]");
  await workbench.unfold("Earlier tries");
  await workbench.row("Try 1").click();
  await workbench.page.locator(".tab.active", { hasText: "invert [1] try 1.log" }).waitFor();
  await expect.poll(() => workbench.visibleText()).toContain("there is no inverse of zero");
  await workbench.screenshot("earlier-try");
});

test.each(THEMES)("what can be done with a task of the graph is told in %s", async (theme, name) => {
  const { workbench } = window();
  await workbench.theme(theme);
  const node = workbench.webview().getByRole("button", { name: /^invert \[3\].*failed/ });
  await workbench.contextMenu(node, "Clear…", `menu-graph-${name}`);
  await workbench.page.locator(".quick-input-widget", { hasText: "Only what failed of it" }).waitFor();
  await workbench.screenshot(`choice-clear-${name}`);
  await workbench.quickPick("Only what failed of it");
  await workbench.answer("Cancel", `plan-graph-${name}`);
});

test("the keyboard opens the menu of a node, which leads to its instances", async () => {
  const { workbench } = window();
  await workbench.openView("Explorer");
  const node = workbench.webview().getByRole("button", { name: /^invert \[3\].*failed/ });
  await node.focus();
  await workbench.page.keyboard.press("Shift+F10");
  await workbench.choose("Show Instances", "menu-keyboard");
  await workbench.row("invert [3]").and(workbench.page.locator(".focused, .selected")).first().waitFor();
  // The keyboard goes on from there.
  await workbench.page.locator(".part.sidebar .monaco-list:focus").first().waitFor();
  await workbench.screenshot("show-instances");
});
