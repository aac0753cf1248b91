import { statSync } from "node:fs";
import path from "node:path";
import { Option } from "commander";
import type { DagModel } from "#core/model/dag.js";
import { toMermaid } from "#core/model/mermaid.js";
import { FanoutError } from "../../errors.js";
import { loadModel } from "../../loader/loadDag.js";
import { bundleFile } from "../../pool/runtimeFiles.js";
import { requireBundle } from "../../requireBundle.js";
import { existingPaths, readDags } from "../batch.js";
import { writeJson, type Cli, type ExitCode } from "../cli.js";
import type { CliCommand } from "../command.js";
import type { GraphDrawer } from "../svg/drawGraph.js";
import { placeText } from "../views/errorText.js";

interface GraphFlags {
  readonly dagId?: string;
  readonly format: "mermaid" | "json" | "svg";
  readonly exact?: true;
}

export const graphCommand: CliCommand = {
  define: (program, cli, finish) => {
    program
      .command("graph")
      .description("print a DAG's graph, read from its source without executing it")
      .argument("<file>", "the DAG file")
      .option("--dag-id <id>", "which DAG, where the file has several")
      .option("--exact", "execute the file in a process of its own instead of reading it")
      .addOption(
        new Option("--format <format>", "mermaid text, the DAG model as json, or a drawing")
          .choices(["mermaid", "json", "svg"])
          .default("mermaid"),
      )
      .action((file: string, flags: GraphFlags) => finish(graph(file, flags, cli)));
  },
};

async function graph(file: string, flags: GraphFlags, cli: Cli): Promise<ExitCode> {
  const [absolute = file] = existingPaths(cli, [file]);
  const model = flags.exact ? await loadModel(absolute, flags.dagId) : await readModel(absolute, flags.dagId, cli);
  write(model, flags.format, cli);
  for (const { reason, span } of model.unresolved) {
    cli.err.write(`${placeText(span, cli.cwd)}: not told by reading, try --exact: ${reason}\n`);
  }
  return 0;
}

function write(model: DagModel, format: GraphFlags["format"], cli: Cli): void {
  switch (format) {
    case "mermaid":
      cli.out.write(toMermaid(model).text);
      return;
    case "json":
      writeJson(cli.out, model);
      return;
    case "svg":
      cli.out.write(requireBundle<GraphDrawer>(bundleFile("svg.cjs")).drawGraph(model));
  }
}

async function readModel(file: string, dag_id: string | undefined, cli: Cli): Promise<DagModel> {
  if (statSync(file).isDirectory()) throw new FanoutError("not-a-dag-file", `'${path.basename(file)}' is a folder.`);
  const { dags, problems } = await readDags(cli, [file]);
  const [broken] = problems;
  if (broken !== undefined) throw new FanoutError("syntax-error", broken.message, { at: broken });
  return chosenDag(dags, dag_id, path.basename(file));
}

function chosenDag(dags: readonly DagModel[], dag_id: string | undefined, name: string): DagModel {
  const chosen = dag_id === undefined ? dags : dags.filter((model) => model.dag_id === dag_id);
  const [model] = chosen;
  const ids = dags.map((each) => `'${each.dag_id}'`).join(", ");
  if (dags.length === 0) {
    const advice = 'Write dag({ dag_id: "…" }, () => { … }) in it and export what it returns.';
    throw new FanoutError("no-dag", `No DAG was found in '${name}'.`, { advice });
  }
  if (model === undefined) {
    throw new FanoutError("unknown-dag", `'${name}' has no DAG '${dag_id}'.`, { advice: `It has ${ids}.` });
  }
  if (chosen.length > 1) {
    const advice = "Choose one with --dag-id.";
    throw new FanoutError("several-dags", `'${name}' has several DAGs: ${ids}.`, { advice });
  }
  return model;
}
