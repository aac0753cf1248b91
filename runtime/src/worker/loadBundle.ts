import { realpathSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { DagModel } from "#core/model/dag.js";
import type { DagDeclaration } from "../authoring/declaration.js";
import { collectDags } from "../authoring/registry.js";
import { toModel } from "../authoring/toModel.js";
import type { LoadedDag } from "../engine/plan.js";
import { describeParams } from "../params/paramSpecs.js";
import { FanoutError } from "../errors.js";
import type { Command } from "../pool/messages.js";
import { buildPlan } from "./buildPlan.js";
import { type OwnFolders, describeThrown } from "./userError.js";

type LoadCommand = Extract<Command, { type: "load" }>;
type DescribeCommand = Extract<Command, { type: "describe" }>;

/** As the statement of that name, which is not there where a program comes from compiled code. */
export type ImportModule = (url: string) => Promise<unknown>;

/**
 * Executes the bundle of a DAG file and picks the DAG that is wanted.
 * @throws FanoutError with a place in the person's source.
 */
export async function loadBundle(
  command: LoadCommand,
  own: OwnFolders,
  importModule: ImportModule,
): Promise<DagDeclaration> {
  const { dags } = await collectDags(() => importBundle(command.bundle, own, importModule));
  refuseSameIds(dags);
  return pickDag(dags, command);
}

/** The graphs of all DAGs of the file: those of files that it imports only where it has none. */
export async function describeBundle(
  { bundle, file }: DescribeCommand,
  own: OwnFolders,
  importModule: ImportModule,
): Promise<DagModel[]> {
  const { dags } = await collectDags(() => importBundle(bundle, own, importModule));
  refuseSameIds(dags);
  return ownDags(dags, file).map(toModel);
}

/** What the engine is told of it. */
export function describeDag(dag: DagDeclaration): LoadedDag {
  return { model: toModel(dag), plan: buildPlan(dag), params: describeParams(dag.params, dag.at) };
}

async function importBundle(bundle: string, own: OwnFolders, importModule: ImportModule): Promise<void> {
  try {
    await importModule(pathToFileURL(bundle).href);
  } catch (thrown) {
    throw FanoutError.from(describeThrown(thrown, "import-failed", own));
  }
}

/** Of a file that imports other DAG files only its own DAGs are meant, where it has any; any can be named. */
function pickDag(all: readonly DagDeclaration[], { file, dag_id }: LoadCommand): DagDeclaration {
  const dags = dag_id === undefined ? ownDags(all, file) : all;
  const names = dags.map((dag) => `'${dag.dag_id}'`).join(", ");
  const [first, second] = dags;
  if (!first) {
    throw new FanoutError("no-dag", `'${file}' declares no DAG.`, {
      at: { file, line: 1, column: 1 },
      advice: "Call dag({ dag_id: … }, () => { … }) in it.",
    });
  }
  if (dag_id === undefined && second) {
    throw new FanoutError("several-dags", `'${file}' declares several DAGs: ${names}.`, {
      at: second.at,
      advice: "Name one with --dag-id.",
    });
  }
  const wanted = dag_id === undefined ? first : dags.find((dag) => dag.dag_id === dag_id);
  if (wanted) return wanted;
  throw new FanoutError("unknown-dag", `'${file}' declares no DAG named '${String(dag_id)}', only ${names}.`, {
    at: first.at,
  });
}

/** Places are in files as they really lie; the file may have been named through a link. */
function ownDags(all: readonly DagDeclaration[], file: string): readonly DagDeclaration[] {
  const names = [file, realPathOf(file)];
  const own = all.filter(({ at }) => at !== undefined && names.includes(at.file));
  return own.length > 0 ? own : all;
}

/** The file itself where it is gone: processes of a run that is under way still load its bundle. */
function realPathOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

function refuseSameIds(dags: readonly DagDeclaration[]): void {
  const seen = new Set<string>();
  for (const { dag_id, at } of dags) {
    if (seen.has(dag_id)) throw new FanoutError("duplicate-dag-id", `Two DAGs are named '${dag_id}'.`, { at });
    seen.add(dag_id);
  }
}
