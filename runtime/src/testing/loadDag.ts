import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Dag } from "../authoring/dag.js";
import { bundleDag } from "../loader/bundle.js";
import { checkDagFile } from "../loader/dagFile.js";
import { findHome } from "../store/home.js";
import { createHome } from "../store/runFolder.js";
import { loadBundle } from "../worker/loadBundle.js";
import { testingFolders } from "./ownFolders.js";
import { runTest } from "./runTest.js";

/** Which DAG of a file is meant. */
export interface LoadDagOptions {
  /** Needed only where the file has several DAGs. */
  readonly dag_id?: string;
}

/**
 * The DAG of a file, to be tested: for test runners that do not read TypeScript themselves. The file is read as
 * `fanout run` reads it. Its path counts from the current folder; `new URL("../dags/a.dag.ts", import.meta.url)` counts
 * from the test.
 *
 * Rejects with a `FanoutError` with place and advice where the file does not load.
 */
export async function load_dag(file: string | URL, options: LoadDagOptions = {}): Promise<Dag> {
  const given = file instanceof URL || file.startsWith("file:") ? fileURLToPath(file) : file;
  const found = checkDagFile(given);
  const cache = createHome(findHome(found));
  const own = [...testingFolders(), cache + path.sep];
  const bundle = await bundleDag(found, cache);
  // Places and stacks are then in the person's own files.
  process.setSourceMapsEnabled(true);
  const { dag_id } = options;
  const declaration = await loadBundle(
    { type: "load", bundle, file: found, ...(dag_id !== undefined && { dag_id }) },
    own,
    (url) => import(url),
  );
  return Object.freeze<Dag>({
    dag_id: declaration.dag_id,
    test: (given) => runTest(declaration, given, own),
  });
}
