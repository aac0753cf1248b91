import * as fanout from "fanout";
import type { DagModel } from "#core/model/dag.js";
import type { DagDeclaration } from "../../runtime/src/authoring/declaration.js";
import { registry } from "../../runtime/src/authoring/registry.js";
import { toModel } from "../../runtime/src/authoring/toModel.js";
import { API_NAMES, HELPERS } from "./randomHelpers.js";

/** The models of the DAGs of `randomDags`; undefined where one is refused, e.g. for a cycle. */
export function executeGenerated(text: string, flag: boolean): readonly DagModel[] | undefined {
  const source = `${HELPERS}\n${text}`.replace(/^export (?:default )?/gm, "");
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the text comes from `randomDags`
  const build = new Function(...API_NAMES, "flag", source) as (...names: readonly unknown[]) => void;
  const made: DagDeclaration[] = [];
  const collect = (declaration: DagDeclaration): void => void made.push(declaration);
  registry().collectors.add(collect);
  try {
    build(...API_NAMES.map((name) => fanout[name]), flag);
    return made.map((declaration) => toModel(declaration));
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    return undefined;
  } finally {
    registry().collectors.delete(collect);
  }
}
