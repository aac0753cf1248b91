import { afterAll, afterEach, beforeAll } from "vitest";
import { builtVsix } from "../builtVsix.js";
import { saveFailure } from "../host/screenshots.js";
import { Workbench, type WorkbenchOptions } from "../host/workbench.js";
import { makeWorkspace, type TemporaryWorkspace } from "../workspace.js";

export interface OpenWindow {
  readonly workbench: Workbench;
  readonly workspace: TemporaryWorkspace;
}

type WindowOptions = Omit<WorkbenchOptions, "workspace" | "vsix"> & { readonly folder?: () => TemporaryWorkspace };

/**
 * One window for all tests of a file, with the extension as people install it, on a copy of test/fixtures/editor where
 * no other folder is named.
 * @returns the window, once the tests run
 */
export function useWindow({ folder = makeWorkspace, ...options }: WindowOptions = {}): () => OpenWindow {
  let open: OpenWindow | undefined;
  beforeAll(async () => {
    const workspace = folder();
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
