import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { FanoutError } from "../../errors.js";
import { writeLines, type Cli, type ExitCode } from "../cli.js";
import type { CliCommand } from "../command.js";
import { packageName, projectFiles, type ProjectFile } from "../init/projectFiles.js";
import { pathText } from "../views/errorText.js";
import { shellWord } from "../views/shellWord.js";

export const initCommand: CliCommand = {
  define: (program, cli, finish) => {
    program
      .command("init")
      .description("start a project: package.json, tsconfig.json, one DAG, one test, README.md, .gitignore")
      .argument("[dir]", "the project's folder; the current one where left out")
      .action((dir: string | undefined) => finish(init(dir ?? ".", cli)));
  },
};

function init(dir: string, cli: Cli): ExitCode {
  const folder = path.resolve(cli.cwd, dir);
  if (existsSync(folder) && !statSync(folder).isDirectory()) {
    throw new FanoutError("invalid-option", `'${dir}' is a file.`, {
      advice: "Name a folder that does not exist yet.",
    });
  }
  const all = projectFiles(packageName(path.basename(folder)), `file:${reference(folder, cli.packageRoot)}`);
  // A repository that was just made has a README of its own.
  const files = all.filter((file) => file.path !== "README.md" || !existsSync(path.join(folder, file.path)));
  refuseCollisions(files, folder, dir);
  for (const file of files) write(path.join(folder, file.path), file.text);
  writeLines(cli.out, welcome(files, folder, cli));
  return 0;
}

/** Looked at before anything is written, so that a refusal leaves the folder as it was. */
function refuseCollisions(files: readonly ProjectFile[], folder: string, dir: string): void {
  const existing = files.filter((file) => existsSync(path.join(folder, file.path)));
  if (existing.length === 0) return;
  const names = existing.map((file) => `'${file.path}'`).join(", ");
  throw new FanoutError("invalid-option", `'${dir}' already has ${names}.`, {
    advice: "Name another folder; nothing was written.",
  });
}

function write(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text, { flag: "wx" });
}

/** npm wants forward slashes on every system. */
function reference(folder: string, packageRoot: string): string {
  return path.relative(folder, packageRoot).replaceAll(path.sep, "/");
}

function welcome(files: readonly ProjectFile[], folder: string, cli: Cli): string[] {
  const { colors } = cli.out;
  const place = pathText(folder, cli.cwd);
  return [
    ...files.map((file) => `  ${colors.green("+")} ${path.join(place === folder ? "" : place, file.path)}`),
    "",
    "Next:",
    ...(folder === cli.cwd ? [] : [`  ${colors.cyan(`cd ${shellWord(place)}`)}`]),
    `  ${colors.cyan("npm install")}`,
    `  ${colors.cyan("npm start")}   ${colors.dim("runs dags/greetings.dag.ts")}`,
    `  ${colors.cyan("npm test")}    ${colors.dim("checks it and runs its tests")}`,
  ];
}
