import type { DagModel } from "#core/model/dag.js";
import type { FileFacts } from "../analysis/facts.js";

export interface ReadModels {
  readonly dags: readonly DagModel[];
  /** True while the text does not parse: `dags` is then the last good reading. */
  readonly broken: boolean;
}

/** Keeps the models of the last text that parsed, so that a half-typed line does not empty the preview. */
export class LastGoodModels {
  private readonly byFile = new Map<string, { readonly read: ReadModels; readonly key: string }>();

  /** Takes a new reading; true where what `get` answers is not what it answered before. */
  update(facts: FileFacts): boolean {
    const read = { dags: facts.broken ? this.lastGood(facts) : modelsOf(facts), broken: facts.broken };
    const key = JSON.stringify(read);
    if (this.byFile.get(facts.fileName)?.key === key) return false;
    this.byFile.set(facts.fileName, { read, key });
    return true;
  }

  get(facts: FileFacts): ReadModels {
    this.update(facts);
    return this.byFile.get(facts.fileName)?.read ?? { dags: modelsOf(facts), broken: facts.broken };
  }

  forget(fileName: string): void {
    this.byFile.delete(fileName);
  }

  /** A file that was broken from the start shows as much as could be read. */
  private lastGood(facts: FileFacts): readonly DagModel[] {
    return this.byFile.get(facts.fileName)?.read.dags ?? modelsOf(facts);
  }
}

function modelsOf(facts: FileFacts): readonly DagModel[] {
  return facts.dags.map((dag) => dag.model);
}
