import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The examples' own names the checkout that they lie in. */
const TSCONFIG =
  '{ "compilerOptions": { "module": "nodenext", "target": "es2023", "strict": true, "types": ["node"] } }\n';

const PACKAGE = '{ "name": "pipelines", "private": true, "type": "module" }\n';

export interface TemporaryWorkspace {
  readonly folder: string;
  remove(): void;
}

/** A copy of test/fixtures/editor that a test may edit and run; it has no node_modules. */
export function makeWorkspace(): TemporaryWorkspace {
  return copyOf("test/fixtures/editor");
}

/** A copy of the examples, with the packages that they train with. */
export function makeExamplesWorkspace(): TemporaryWorkspace {
  const workspace = copyOf("examples");
  writeFileSync(path.join(workspace.folder, "tsconfig.json"), TSCONFIG);
  writeFileSync(path.join(workspace.folder, "package.json"), PACKAGE);
  symlinkSync(path.join(root, "node_modules"), path.join(workspace.folder, "node_modules"), "dir");
  return workspace;
}

function copyOf(source: string): TemporaryWorkspace {
  const parent = mkdtempSync(path.join(tmpdir(), "fanout-workspace-"));
  // A name that may be seen in pictures.
  const folder = path.join(parent, "pipelines");
  const isOurs = (file: string): boolean => !/[\\/](\.fanout|output|tsconfig\.json)$/.test(file);
  cpSync(path.join(root, source), folder, { recursive: true, filter: isOurs });
  return {
    folder,
    remove: () => {
      rmSync(parent, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}
