import { CASE_FILES, caseText } from "../../types/cases.js";
import { type Case, casePrelude, cases } from "./cases.js";
import { ownCases } from "./own/index.js";
import { ownPrelude } from "./own/ownCase.js";

/** A case as the file that it is checked in. */
export interface CaseFile extends Case {
  readonly text: string;
}

const TAG = /^\/\* (?<id>\w+) (?<owner>[\w-]+): (?<about>.*?) \*\/ /gm;
/** What the cases of a file share and only a DAG can make, each on a line of its own. */
const MADE_IN_A_DAG = /^const (?:query|p) = .*\n/gm;

/** Every known way to write something, right or wrong: each is a file of its own. */
export const caseFiles: readonly CaseFile[] = [
  ...cases.map((each) => ({ ...each, text: inDag(casePrelude, each.code) })),
  ...ownCases.map((each) => ({
    ...each,
    text: each.whole === true ? `${ownPrelude}${each.code}\n` : inDag(ownPrelude, each.code),
  })),
  ...CASE_FILES.flatMap(readTypeCases),
];

function inDag(prelude: string, code: string): string {
  return `${prelude}export default dag({ dag_id: "example" }, () => {\n${code}\n});\n`;
}

/** The cases that the types are tested with, where all of them stand in one file that is no DAG. */
function readTypeCases(file: (typeof CASE_FILES)[number]): CaseFile[] {
  const text = caseText(file);
  const tags = [...text.matchAll(TAG)];
  const before = text.slice(0, tags[0]?.index ?? 0);
  const prelude = withDagImported(before.replaceAll(MADE_IN_A_DAG, "").replace(/^\/\*\*[^]*?\*\/\n/, ""));
  const earlier = [...before.matchAll(MADE_IN_A_DAG)].map(([line]) => line);
  return tags.map((tag, index) => {
    const { id = "", owner = "", about = "" } = tag.groups ?? {};
    const code = text.slice(tag.index + tag[0].length, tags[index + 1]?.index).trimEnd();
    const body = withDeclarations(code, earlier);
    earlier.push(code);
    return { name: `${file}: ${id} ${about}`, code, owner: ownerOf(owner), text: inDag(prelude, body) };
  });
}

/** The code behind what declares the names that it uses. */
function withDeclarations(code: string, earlier: readonly string[]): string {
  const needed = new Set<string>();
  collectDeclarations(code, earlier, needed);
  return [...earlier.filter((each) => needed.has(each)), code].join("\n");
}

function collectDeclarations(code: string, earlier: readonly string[], needed: Set<string>): void {
  const names = new Set(code.replace(/"[^"]*"/g, "").match(/(?<!\.)\b\w+\b(?!:)/g));
  for (const each of earlier) {
    const [, name] = /^const (\w+)/.exec(each) ?? [];
    if (name === undefined || !names.has(name) || needed.has(each)) continue;
    needed.add(each);
    collectDeclarations(each, earlier, needed);
  }
}

function ownerOf(owner: string): Case["owner"] {
  if (owner === "fine") return "nobody";
  return owner === "typescript" ? owner : `rule:${owner}`;
}

function withDagImported(prelude: string): string {
  return /^\s*dag,$/m.test(prelude) ? prelude : `import { dag } from "fanout";\n${prelude}`;
}
