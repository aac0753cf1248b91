import { expect, it } from "vitest";
import { offsetAt, spanOf } from "../../server/src/analysis/spans.js";
import { createMemoryProject } from "../support/memoryProject.js";

function dagSpan(before: string) {
  const { workspace, fixture } = createMemoryProject("export {};");
  const text = `${before}import { dag } from "fanout"; export default dag({ dag_id: "d" }, () => {});`;
  workspace.changeDocument(fixture.main, text, 2);
  const { sourceFile, dags } = workspace.analyze(fixture.main);
  const [found] = dags;
  if (found === undefined) throw new Error("the DAG was not found");
  const span = spanOf(found.call);
  return { span, offset: offsetAt(sourceFile, span), expected: text.indexOf("dag({") };
}

const COLUMN = 'import { dag } from "fanout"; export default '.length + 1;

it.each([
  ["\n", 2, COLUMN],
  ["\r\n", 2, COLUMN],
  ["\r", 2, COLUMN],
  ['const a = "\u2028";\n', 2, COLUMN],
  ['const a = "\u2028\u2029"; ', 1, COLUMN + 'const a = "\u2028\u2029"; '.length],
  ["// \u2029\n\n", 3, COLUMN],
])("counts lines as editors do, after %j", (before, line, column) => {
  const { span, offset, expected } = dagSpan(before);
  expect(span).toMatchObject({ line, column, endLine: line });
  expect(offset).toBe(expected);
});
