import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, fixed } from "./checkFixture.js";

const head = `
  import { dag, task } from "fanout";
  const num = task({ task_id: "num" }, () => 1);
`;

const twice = `${head}
  export const one = dag({ dag_id: "same" }, () => { num(); });
  export const two = dag({ dag_id: "same" }, () => { num(); });
  //                               ^^^^^^ duplicate-dag-id
  export const three = dag({ dag_id: "same_2" }, () => { num(); });
`;

describe("duplicate-dag-id", () => {
  it("reports the later one, tells of the first, and offers an id that is free", () => {
    const { finding } = checkOne(twice);
    expect(finding.messageId).toBe("taken");
    expect(finding.related).toMatchObject([{ messageId: "first", span: { line: 4 } }]);
    expect(fixed(twice)).toContain('const two = dag({ dag_id: "same_3" }');
  });

  it("sees it through variables, functions and loops", () => {
    checkFixture(`${head}
  const ID = "same";
  export const one = dag({ dag_id: ID }, () => { num(); });
  export const two = dag({ dag_id: "sa" + "me" }, () => { num(); });
  //                               ^^^^^^^^^^^ duplicate-dag-id
`);
    const { finding } = checkOne(`${head}
  const make = (city: string) => dag({ dag_id: "load" }, () => { num.override({ task_id: city })(); });
  //                                           ^^^^^^ duplicate-dag-id
  export const [one, two] = [make("a"), make("b")];
`);
    expect(finding.fixes).toEqual([]);
  });

  it("marks the call where a helper's file has the id or makes the DAG", () => {
    checkFixture(`${head}
  import { ID, make } from "./helper.js";
  export const one = dag({ dag_id: "same" }, () => { num(); });
  export const two = dag(ID, () => { num(); });
  //                 ^^^ duplicate-dag-id
  export const three = make();
  //                   ^^^^ duplicate-dag-id
//- /helper.ts
  import { dag } from "fanout";
  export const ID = { dag_id: "same" };
  export const make = () => dag({ dag_id: "same" }, () => {});
`);
  });

  it("is silent where the ids differ, are not known, or a DAG may not be there", () => {
    checkFixture(`${head}
  declare const city: string, isLarge: boolean;
  for (const name of ["a", "b"]) dag({ dag_id: \`load_\${name}\` }, () => { num(); });
  export const one = dag({ dag_id: city }, () => { num(); });
  export const two = dag({ dag_id: city }, () => { num(); });
  export const three = isLarge ? dag({ dag_id: "same" }, () => { num(); }) : dag({ dag_id: "same" }, () => {});
  if (isLarge) dag({ dag_id: "load_a" }, () => { num(); });
`);
  });

  it("is silenced by a comment", () => {
    checkFixture(`${head}
  export const one = dag({ dag_id: "same" }, () => { num(); });
  // fanout-disable-next-line duplicate-dag-id
  export const two = dag({ dag_id: "same" }, () => { num(); });
`);
  });
});
