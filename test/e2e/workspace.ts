import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const FIXTURES = fileURLToPath(new URL("../fixtures/editor", import.meta.url));

export interface TemporaryWorkspace {
  readonly folder: string;
  remove(): void;
}

/** A copy of test/fixtures/editor that a test may edit and run; it has no node_modules. */
export function makeWorkspace(): TemporaryWorkspace {
  const parent = mkdtempSync(path.join(tmpdir(), "fanout-workspace-"));
  // A name that may be seen in pictures.
  const folder = path.join(parent, "pipelines");
  cpSync(FIXTURES, folder, { recursive: true });
  return {
    folder,
    remove: () => {
      rmSync(parent, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}
