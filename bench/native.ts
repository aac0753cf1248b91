/**
 * What the type checker of TypeScript 7 (its native API, marked unstable) would give phase 2: the types of what is
 * mapped over, after an edit, in the workspace of `bench/analysis.ts`. Beside it, the checker that Fanout uses.
 *
 *   npm run bench native              100 edits
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ts } from "ts-morph";
import { API } from "typescript-7.0/unstable/sync";
import { Workspace } from "../server/src/workspace/workspace.js";
import { createDagWorkspace, type EditableFile, FIRST_NUMBER } from "./support/dagWorkspace.js";
import { formatTable, milliseconds, quantile, ratio } from "./support/statistics.js";

const FILES = 500;
const OPEN = 10;
const WARM_UP = 10;
const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

interface Contender {
  /** The types of what the file's `expand` calls are given, as text. */
  readonly types: (file: EditableFile, text: string, version: number) => readonly string[];
  readonly stop: () => void;
}

/** What every `expand({ … })` of a text is given by name; of what is written there no type is needed. */
function inputsOf(fileName: string, text: string): readonly ts.Expression[] {
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    const isExpand = ts.isCallExpression(node) && node.expression.getText().endsWith(".expand");
    const [argument] = isExpand ? node.arguments : [];
    if (argument !== undefined && ts.isObjectLiteralExpression(argument)) {
      for (const each of argument.properties) if (isNamed(each)) found.push(each.initializer);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true));
  return found;
}

function isNamed(property: ts.ObjectLiteralElementLike): property is ts.PropertyAssignment {
  return ts.isPropertyAssignment(property) && ts.isIdentifier(property.initializer);
}

function own(bundledTypes: string): Contender {
  const workspace = new Workspace({ bundledTypes });
  return {
    types: ({ path }, text, version) => {
      workspace.openDocument(path, text, version);
      const { sourceFile } = workspace.analyze(path);
      const queries = workspace.typeQueries(path);
      return inputsOf(path, text).map((input) => {
        const token = tokenAt(sourceFile, input.getStart());
        return ts.isExpression(token) ? queries.typeText(token) : "";
      });
    },
    stop: () => undefined,
  };
}

function tokenAt(sourceFile: ts.SourceFile, offset: number): ts.Node {
  let found: ts.Node = sourceFile;
  const visit = (node: ts.Node): void => {
    if (node.getStart() <= offset && offset < node.getEnd()) {
      found = node;
      ts.forEachChild(node, visit);
    }
  };
  visit(sourceFile);
  return found;
}

function native(folder: string): Contender {
  const texts = new Map<string, string>();
  const api = new API({ cwd: folder, fs: { readFile: (file) => texts.get(file) } });
  const project = `${folder}/tsconfig.json`;
  let snapshot = api.updateSnapshot({ openProjects: [project] });
  return {
    types: ({ path }, text) => {
      texts.set(path, text);
      const next = api.updateSnapshot({ fileChanges: { changed: [path] } });
      snapshot.dispose();
      snapshot = next;
      const checker = snapshot.getProject(project)?.checker;
      if (checker === undefined) throw new Error("TypeScript 7 has no project");
      const positions = inputsOf(path, text).map((input) => input.getStart());
      return checker.getTypeAtPosition(path, positions).map((type) => (type ? checker.typeToString(type) : ""));
    },
    stop: () => {
      api.close();
    },
  };
}

function main(): void {
  const edits = Number(process.argv[2] ?? 100);
  const bundledTypes = at("dist/types/index.d.ts");
  const workspace = createDagWorkspace(FILES, { fanoutTypes: bundledTypes, nodeTypes: at("node_modules/@types/node") });
  const open = workspace.files.filter((_, index) => index % (FILES / OPEN) === 0);
  const contenders = { own: own(bundledTypes), native: native(workspace.folder) };
  const times = { own: [] as number[], native: [] as number[] };
  let different = 0;
  try {
    for (let index = 0; index < edits + WARM_UP; index++) {
      const file = open[index % open.length];
      if (file === undefined) break;
      const text = readFileSync(file.path, "utf8").replace(String(FIRST_NUMBER), String(FIRST_NUMBER + index + 1));
      const answers = (["own", "native"] as const).map((name) => {
        const start = performance.now();
        const answer = contenders[name].types(file, text, index + 1);
        if (index >= WARM_UP) times[name].push(performance.now() - start);
        return answer.join();
      });
      if (answers[0] !== answers[1]) different++;
    }
  } finally {
    contenders.native.stop();
    workspace.remove();
  }
  const cells = (values: readonly number[]): number[] => [0.5, 0.95].map((share) => quantile(values, share));
  const [median = NaN, p95 = NaN] = cells(times.own);
  const [nativeMedian = NaN, nativeP95 = NaN] = cells(times.native);
  console.log(
    formatTable([
      ["types of what is mapped over, after an edit", "median", "p95", "median ratio"],
      ["TypeScript 6 in the process, with reading", milliseconds(median), milliseconds(p95), "1.00×"],
      ["TypeScript 7, native API", milliseconds(nativeMedian), milliseconds(nativeP95), ratio(nativeMedian, median)],
    ]),
  );
  console.log(`answers that differ: ${different} of ${edits + WARM_UP}`);
}

main();
