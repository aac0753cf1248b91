import * as fanout from "fanout";
import { dag } from "fanout";
import type { DagModel } from "#core/model/dag.js";
import type { DagDeclaration } from "../../runtime/src/authoring/declaration.js";
import { registry } from "../../runtime/src/authoring/registry.js";
import { toModel } from "../../runtime/src/authoring/toModel.js";
import { NAMES } from "./randomDag.js";

/** The model of a DAG with a body of `randomBody`; undefined where the DAG is refused, e.g. for a cycle. */
export function executeBody(body: string, flag: boolean): DagModel | undefined {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the text comes from `randomBody`
  const build = new Function(...NAMES, "flag", body) as (...names: readonly unknown[]) => void;
  const made: DagDeclaration[] = [];
  const collect = (declaration: DagDeclaration): void => void made.push(declaration);
  registry().collectors.add(collect);
  try {
    dag({ dag_id: "made" }, () => {
      build(...NAMES.map((name) => fanout[name]), flag);
    });
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
  } finally {
    registry().collectors.delete(collect);
  }
  return made[0] && toModel(made[0]);
}
