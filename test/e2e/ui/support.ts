import { afterAll, afterEach, beforeAll } from "vitest";
import { builtVsix } from "../builtVsix.js";
import { saveFailure } from "../host/screenshots.js";
import { Workbench, type WorkbenchOptions } from "../host/workbench.js";
import { makeWorkspace, type TemporaryWorkspace } from "../workspace.js";

export interface OpenWindow {
  readonly workbench: Workbench;
  readonly workspace: TemporaryWorkspace;
}

/**
 * One window for all tests of a file, with the extension as people install it and a copy of test/fixtures/editor.
 * @returns the window, once the tests run
 */
export function useWindow(options: Omit<WorkbenchOptions, "workspace" | "vsix"> = {}): () => OpenWindow {
  let open: OpenWindow | undefined;
  beforeAll(async () => {
    const workspace = makeWorkspace();
    open = {
      workspace,
      workbench: await Workbench.open({ ...options, workspace: workspace.folder, vsix: builtVsix() }),
    };
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== "fail" || open === undefined) return;
    console.error(`Picture of the failure: ${await saveFailure(open.workbench.page, task.name)}`);
  });
  afterAll(async () => {
    await open?.workbench.close();
    open?.workspace.remove();
  });
  return () => {
    if (open === undefined) throw new Error("The window is not open yet.");
    return open;
  };
}
