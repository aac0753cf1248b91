import { existsSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { useWindow } from "./support.js";

const window = useWindow({ restricted: true });

test("Restricted Mode reads and does not run", async () => {
  const { workbench, workspace } = window();
  await workbench.restrictedBanner().waitFor();
  await workbench.openFile("mistakes.dag.ts");
  await workbench.squiggles("error").nth(1).waitFor();
  await workbench.openFile("greetings.dag.ts");
  await workbench.untilRead();
  await workbench.command("Fanout: Preview Graph");
  await workbench
    .webview()
    .getByRole("button", { name: /^greet \[ \]/ })
    .waitFor();
  await workbench.screenshot("restricted");
  await workbench.command("Fanout: Run DAG");
  await workbench.notification(/trust/i).first().waitFor();
  expect(existsSync(path.join(workspace.folder, ".fanout"))).toBe(false);
});

test("a trusted workspace runs", async () => {
  const { workbench, workspace } = window();
  await workbench.trustWorkspace();
  await workbench.command("Fanout: Run DAG");
  await workbench
    .webview()
    .getByRole("button", { name: /^greet \[3\].*success/ })
    .waitFor();
  expect(existsSync(path.join(workspace.folder, ".fanout"))).toBe(true);
});
