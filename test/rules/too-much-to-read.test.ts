import { describe, expect, it } from "vitest";
import { rules } from "../../server/src/rules/index.js";
import { runRules } from "../../server/src/rules/runRules.js";
import { createMemoryProject, type MemoryProject } from "../support/memoryProject.js";
import { checkFixture, checkOne, inDag } from "./checkFixture.js";

/** How long the tests wait for types that would take minutes. */
const LIMIT = 300;

/** Twice as many types with each of its steps: TypeScript gives up long after people do. */
const BOMB = `
  type Bomb<T extends unknown[], N extends number> = T["length"] extends N ? T : Bomb<[...T, 1], N> | Bomb<[...T, 2], N>;
  declare const bomb: Bomb<[], 24>;
`;

function withBomb(body: string): string {
  return `import { dag, task } from "fanout";
  const add = task({ task_id: "add" }, ({ x }: { x: unknown }) => x);
  ${BOMB}
  export default dag({ dag_id: "bombs" }, () => { ${body} });
  export const plain = dag({ dag_id: "plain" }, () => { add.expand({ x: 5 }); });`;
}

const found = ({ workspace, fixture }: MemoryProject) => {
  const facts = workspace.analyze(fixture.main);
  const findings = runRules(facts, { rules, severities: {}, types: workspace.typeQueries(fixture.main) });
  return findings.map(({ rule, messageId, severity, phase }) => [rule, messageId, severity, phase]);
};

describe("too-much-to-read", () => {
  it("says where reading stopped, and that it knows nothing of partials behind that", () => {
    const { finding, project } = checkOne(
      inDag(`
    const later = add.partial({ y: 1 });
    let sum = 0;
    while (sum >= 0) sum += 1;
//  ^^^^^ too-much-to-read
    later.expand({ x: [sum] });
`),
    );
    expect(finding).toMatchObject({ messageId: "steps", severity: "information", phase: 1 });
    expect(project.workspace.analyze(project.fixture.main).stopped?.why).toBe("steps");
  });

  it("is silent about a large file that is read to its end, and can be switched off", () => {
    const many = Array.from({ length: 500 }, (_, index) => `add.override({ task_id: "t${index}" })({ x: 1, y: 2 });`);
    checkFixture(inDag(many.join("\n")));
    checkFixture(inDag("// fanout-disable-next-line too-much-to-read -- a test\nwhile (true) { const a = 1; }"));
  });

  it("says nothing else of a file that cannot be read in time", () => {
    const steps = Array.from(
      { length: 5000 },
      (_, index) => `add.override({ task_id: "t${index}" })({ x: ${index} });`,
    );
    const project = createMemoryProject(withBomb(steps.join("\n")), 1);
    const { dags, stopped } = project.workspace.analyze(project.fixture.main);
    expect(dags).toEqual([]);
    expect(stopped?.why).toBe("time");
    expect(found(project)).toContainEqual(["too-much-to-read", "time", "information", 1]);
  });

  it("takes the place of what needs types that do not come to an end, and leaves the rest", () => {
    const project = createMemoryProject(withBomb("add.expand({ x: bomb });"), LIMIT);
    expect(found(project)).toEqual([
      ["too-much-to-read", "types", "information", 2],
      ["not-mappable", "plainValue", "error", 1],
    ]);
  });

  it("goes away with the types", () => {
    const project = createMemoryProject(withBomb("add.expand({ x: bomb });"), LIMIT);
    expect(found(project)).toContainEqual(["too-much-to-read", "types", "information", 2]);
    const { workspace, fixture } = project;
    workspace.changeDocument(fixture.main, withBomb("add.expand({ x: [1] });"), 2);
    expect(found(project)).toEqual([["not-mappable", "plainValue", "error", 1]]);
  });
});
