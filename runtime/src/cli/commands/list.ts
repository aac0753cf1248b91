import { isMapped } from "#core/model/graph.js";
import type { DagModel } from "#core/model/dag.js";
import { existingPaths, readDags } from "../batch.js";
import { writeJson, writeLines, type Cli, type ExitCode } from "../cli.js";
import type { CliCommand } from "../command.js";
import { formatOption } from "../options.js";
import { pathText, placeText } from "../views/errorText.js";
import { tableLines } from "../views/table.js";

interface ListFlags {
  readonly format: "text" | "json";
}

/** One row of `fanout list --format json`. */
interface ListedDag {
  readonly dag_id: string;
  /** Absolute path. */
  readonly file: string;
  readonly schedule: string | null;
  readonly tasks: number;
  readonly mapped_tasks: number;
}

export const listCommand: CliCommand = {
  define: (program, cli, finish) => {
    program
      .command("list")
      .description("list the DAGs of files and folders, read without executing them")
      .argument("[paths...]", "files and folders; the current folder where left out")
      .addOption(formatOption())
      .action((paths: string[], flags: ListFlags) => finish(list(paths, flags, cli)));
  },
};

async function list(paths: readonly string[], flags: ListFlags, cli: Cli): Promise<ExitCode> {
  const { dags, problems } = await readDags(cli, existingPaths(cli, paths));
  const listed = dags.map(listedDag);
  if (flags.format === "json") writeJson(cli.out, listed);
  else writeLines(cli.out, listLines(listed, cli));
  for (const problem of problems) cli.err.write(`${placeText(problem, cli.cwd)}: ${problem.message}\n`);
  return 0;
}

function listedDag(model: DagModel): ListedDag {
  return {
    dag_id: model.dag_id,
    file: model.span?.file ?? "",
    schedule: model.schedule,
    tasks: model.tasks.length,
    mapped_tasks: model.tasks.filter((task) => isMapped(task, model)).length,
  };
}

function listLines(dags: readonly ListedDag[], cli: Cli): string[] {
  const { colors } = cli.out;
  if (dags.length === 0) return ["No DAGs were found."];
  const rows = dags.map((dag) => [
    dag.dag_id,
    pathText(dag.file, cli.cwd),
    dag.schedule ?? "",
    String(dag.tasks),
    String(dag.mapped_tasks),
  ]);
  const columns = [
    { title: "dag", paint: colors.bold },
    { title: "file", shrink: 1 },
    { title: "schedule" },
    { title: "tasks", align: "right" as const },
    { title: "mapped", align: "right" as const },
  ];
  return tableLines(columns, rows, cli.out.columns(), colors.dim);
}
