import type { SourceSpan } from "#core/model/source.js";
import { type DagTarget, LENS_COMMANDS } from "#core/protocol/lensCommands.js";
import type { FileFacts } from "../analysis/facts.js";
import { spanOf } from "../analysis/spans.js";

export interface Lens {
  readonly span: SourceSpan;
  readonly title: string;
  readonly command: string;
  readonly target: DagTarget;
}

/** Run and Preview above each `dag()` call. */
export function codeLens(facts: FileFacts, uri: string): readonly Lens[] {
  return facts.dags.flatMap(({ call, model }) => {
    const shared = { span: spanOf(call), target: { uri, dag_id: model.dag_id } };
    return [
      { ...shared, title: "Run", command: LENS_COMMANDS.run },
      { ...shared, title: "Preview", command: LENS_COMMANDS.preview },
    ];
  });
}
