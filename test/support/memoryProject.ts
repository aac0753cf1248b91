import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { InMemoryFileSystemHost } from "ts-morph";
import { LIB_FOLDER, LibraryFiles } from "../../server/src/workspace/sourceFiles.js";
import { Workspace } from "../../server/src/workspace/workspace.js";
import { type Fixture, readFixture } from "./fixture.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** What `fanout init` would write; a fixture may bring its own. */
const TSCONFIG = JSON.stringify({
  compilerOptions: {
    target: "es2023",
    lib: ["es2023"],
    module: "nodenext",
    moduleResolution: "nodenext",
    strict: true,
    resolveJsonModule: true,
    types: [],
  },
});

/** Files that are the same in every fixture are parsed once. */
const library = new LibraryFiles([LIB_FOLDER, "/fanout"]);

export interface MemoryProject {
  readonly fixture: Fixture;
  readonly workspace: Workspace;
  readonly fileSystem: InMemoryFileSystemHost;
}

/** Milliseconds: a test that is not about the time that reading takes must not fail on a machine that has little of it. */
export const WITHOUT_HURRY = 60_000;

/** A workspace of a fixture's files, all of them closed but the first, with the real declarations of the API. */
export function createMemoryProject(source: string, timeLimit = WITHOUT_HURRY): MemoryProject {
  const fixture = readFixture(source);
  const fileSystem = new InMemoryFileSystemHost();
  const bundledTypes = addApi(fileSystem);
  fileSystem.writeFileSync("/tsconfig.json", TSCONFIG);
  fileSystem.writeFileSync("/package.json", '{ "type": "module" }');
  for (const [file, text] of fixture.files) fileSystem.writeFileSync(file, text);
  const workspace = new Workspace({ bundledTypes, fileSystem, library, timeLimit });
  workspace.openDocument(fixture.main, fixture.files.get(fixture.main) ?? "", 1);
  return { fixture, workspace, fileSystem };
}

/**
 * A workspace of texts that have nothing to do with each other, by file name, to be analysed one after the other. They
 * share one program: with one for each, the checker would find out again and again what the API's own types are.
 */
export function createCommonProject(texts: ReadonlyMap<string, string>): Workspace {
  const { workspace } = createMemoryProject([...texts].map(([file, text]) => `//- ${file}\n${text}`).join("\n"));
  workspace.addFiles([...texts.keys()]);
  return workspace;
}

/**
 * Puts the API into the memory's file system and says where. The sources are taken rather than `dist/types`, which
 * may be older.
 */
function addApi(fileSystem: InMemoryFileSystemHost): string {
  for (const [file, text] of apiFiles) fileSystem.writeFileSync(`/fanout/${file}`, text);
  return "/fanout/runtime/src/index.ts";
}

const apiFiles = readApi();

function readApi(): Map<string, string> {
  const single = ["package.json", "runtime/src/index.ts", "core/src/errorCodes.ts"];
  const files = [...single, ...filesBelow("core/src/model"), ...filesBelow("runtime/src/authoring")];
  const existing = files.filter((file) => existsSync(join(repository, file)));
  return new Map(existing.map((file) => [file, readFileSync(join(repository, file), "utf8")]));
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(repository, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));
}
