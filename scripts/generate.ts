/**
 * Writes what must agree with something else: the manifest's contributions, schemas, the rules' index, tables in the README and
 * the list of messages. `--check` writes nothing and fails where a file is out of date.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { format } from "prettier";
import { ruleCatalogue } from "../server/src/rules/index.js";
import { apiDocument } from "./generate/api.js";
import { configurationSchema, packageSchema, SCHEMAS } from "./generate/configurationSchema.js";
import { errorDocument } from "./generate/errors.js";
import { withContributions } from "./generate/manifest.js";
import { protocolDocument } from "./generate/protocol.js";
import { commandTable, ruleIndex, ruleTable, settingTable } from "./generate/tables.js";

interface Output {
  readonly file: string;
  /** From the file's text now (empty where it is missing) to what it should be. */
  readonly make: (before: string) => string;
}

const root = path.resolve(import.meta.dirname, "..");

const API_REPORT = "test/fixtures/types/publicApi.txt";

const outputs: readonly Output[] = [
  { file: "package.json", make: (before) => withContributions(before, ruleCatalogue) },
  { file: SCHEMAS["fanout.config.json"], make: () => configurationSchema(ruleCatalogue) },
  { file: SCHEMAS["package.json"], make: () => packageSchema(ruleCatalogue) },
  { file: "docs/rules/README.md", make: () => ruleIndex(ruleCatalogue) },
  { file: "docs/protocol.md", make: () => protocolDocument(path.join(root, "core/src/protocol")) },
  // The report, which a test keeps equal to what is built, so that nothing has to be built before.
  { file: "docs/api.md", make: () => apiDocument(readFileSync(path.join(root, API_REPORT), "utf8")) },
  { file: "docs/errors.md", make: () => errorDocument() },
  { file: "README.md", make: (before) => withTables(before) },
];

function withTables(readme: string): string {
  if (readme === "") return readme;
  const tables = {
    rules: ruleTable(ruleCatalogue, "docs/rules/"),
    settings: `${settingTable()}\n\n${commandTable()}`,
  };
  return Object.entries(tables).reduce((text, [name, table]) => replaceBlock(text, name, table), readme);
}

/** Fills the block between a name's markers; a file without them gets them at its end. */
function replaceBlock(text: string, name: string, content: string): string {
  const start = `<!-- generated:${name} -->`;
  const end = "<!-- /generated -->";
  const from = text.indexOf(start);
  if (from === -1) return `${text.trimEnd()}\n\n${start}\n\n${content}\n\n${end}\n`;
  const to = text.indexOf(end, from);
  if (to === -1) throw new Error(`README.md: '${start}' is not closed by '${end}'.`);
  return `${text.slice(0, from + start.length)}\n\n${content}\n\n${text.slice(to)}`;
}

/** Names of the files that were, or with `--check` would be, changed. */
async function generate(check: boolean): Promise<readonly string[]> {
  const stale: string[] = [];
  for (const { file, make } of outputs) {
    const target = path.join(root, file);
    const before = existsSync(target) ? readFileSync(target, "utf8") : "";
    const made = make(before);
    const after = made === "" ? "" : await format(made, { filepath: target, printWidth: 120 });
    if (after === before) continue;
    stale.push(file);
    if (check) continue;
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, after);
  }
  return stale;
}

const check = process.argv.includes("--check");
const stale = await generate(check);
if (check && stale.length > 0) {
  console.error(`Out of date: ${stale.join(", ")}. Run 'npm run generate' and commit the result.`);
  process.exitCode = 1;
} else if (stale.length > 0) {
  console.log(`Wrote ${stale.join(", ")}.`);
}
