import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, fixed } from "./checkFixture.js";

const inFile = (code: string): string => `
  import { dag, task } from "fanout";
  ${code}
`;

const wrong = inFile(`const make = task({ task_id: "make", multiple_outputs: true }, () => [1, 2]);
  //                                                                   ^^^^^^ multiple-outputs
  export default dag({ dag_id: "d" }, () => { make(); });`);

describe("multiple-outputs", () => {
  it("reports a list, and shows the option", () => {
    const { finding } = checkOne(wrong);
    expect(finding).toMatchObject({ messageId: "noDict", severity: "error", phase: 2 });
    expect(finding.related).toMatchObject([{ messageId: "option", span: { line: finding.span.line } }]);
  });

  it("reports each return, of async bodies too, and with the option of override", () => {
    checkFixture(
      inFile(`
  declare const flag: boolean;
  const make = task({ task_id: "make" }, async () => {
    if (flag) return "a";
    //               ^^^ multiple-outputs
    if (flag) return Promise.resolve(new Date());
    //               ^^^^^^^^^^^^^^^^^^^^^^^^^^^ multiple-outputs
    return { a: 1 };
  });
  export default dag({ dag_id: "d" }, () => { make.override({ multiple_outputs: true })(); });
`),
    );
  });

  it("lets dicts and nothing pass, and what may be a dict", () => {
    checkFixture(
      inFile(`
  declare const some: { record: Record<string, number>; either: string | { a: number }; any: any; flag: boolean };
  class Own { readonly a = 1; }
  const make = task({ task_id: "make", multiple_outputs: true }, () => {
    if (some.flag) return some.record;
    if (some.flag) return some.either;
    if (some.flag) return some.any as { a: number };
    if (some.flag) return null;
    if (some.flag) return new Own();
    return { a: 1 };
  });
  const list = task({ task_id: "list", multiple_outputs: some.flag }, () => [1]);
  const plain = task({ task_id: "plain", multiple_outputs: false }, () => [1]);
  const quiet = task({ task_id: "quiet", multiple_outputs: true, do_xcom_push: false }, () => [1]);
  export default dag({ dag_id: "d" }, () => { make(); list(); plain(); quiet(); });
`),
    );
  });

  it("leaves to another rule what JSON cannot carry", () => {
    checkFixture(
      inFile(`const make = task({ task_id: "make", multiple_outputs: true }, () => [1n]);
  //                                                                   ^^^^ xcom-not-serializable
  export default dag({ dag_id: "d" }, () => { make(); });`),
    );
  });

  it("removes the option", () => {
    expect(fixed(wrong)).toContain('task({ task_id: "make" }, () => [1, 2])');
  });

  it("is silenced by a comment", () => {
    checkFixture(
      inFile(`// fanout-disable-next-line multiple-outputs
  const make = task({ task_id: "make", multiple_outputs: true }, () => [1, 2]);
  export default dag({ dag_id: "d" }, () => { make(); });`),
    );
  });
});
