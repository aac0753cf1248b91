import { describe, expect, it } from "vitest";
import { isDagFile } from "../../client/src/dagFile.js";
import { placeAt } from "../../client/src/preview/taskAt.js";
import { DAG_FILE, dagModel } from "./support/runs.js";

describe("a DAG file", () => {
  it.each([
    'import { dag } from "fanout";',
    "import { task } from 'fanout/testing';",
    'import "fanout";',
    'export { dag } from "fanout";',
    'const { dag } = require("fanout");',
    'const { dag } = await import("fanout");',
    'import {\n  dag,\n} from\n  "fanout";',
  ])("imports 'fanout': %s", (text) => {
    expect(isDagFile("/a/x.ts", text)).toBe(true);
  });

  it.each(['import { x } from "fanout-extras";', 'const fanout = "fanout";', 'import x from "./fanout";', ""])(
    "is not one with a similar name: %s",
    (text) => {
      expect(isDagFile("/a/x.ts", text)).toBe(false);
    },
  );

  it("may be told by its name alone", () => {
    expect(["/a/x.dag.ts", "/a/x.dag.mts", "/a/dag.ts", "/a/x.dag.tsx"].map((file) => isDagFile(file, ""))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe("the place of a point", () => {
  const [outer, inner] = dagModel("adder", ["sum", "add"]).tasks;
  const span = { file: DAG_FILE, line: 10, column: 1, endLine: 12, endColumn: 5 };
  const nested = {
    ...dagModel("adder", []),
    tasks: [outer, inner].flatMap((task, index) =>
      task === undefined ? [] : [{ ...task, span: index === 0 ? span : { ...span, line: 11, endLine: 11 } }],
    ),
    span: { file: DAG_FILE, line: 5, column: 1, endLine: 20, endColumn: 3 },
  };

  it("is the innermost call around it", () => {
    expect(placeAt([nested], { file: DAG_FILE, line: 11, column: 3 }).task_id).toBe("add");
    expect(placeAt([nested], { file: DAG_FILE, line: 12, column: 2 }).task_id).toBe("sum");
  });

  it("is the DAG alone outside of every task, and nothing elsewhere", () => {
    expect(placeAt([nested], { file: DAG_FILE, line: 15, column: 1 })).toEqual({ dag_id: "adder", task_id: null });
    expect(placeAt([nested], { file: DAG_FILE, line: 40, column: 1 })).toEqual({ dag_id: null, task_id: null });
    expect(placeAt([nested], { file: "/other.ts", line: 11, column: 3 })).toEqual({ dag_id: null, task_id: null });
  });
});
