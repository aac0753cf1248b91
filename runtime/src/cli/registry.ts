import type { CliCommand } from "./command.js";
import { checkCommand } from "./commands/check.js";
import { graphCommand } from "./commands/graph.js";
import { initCommand } from "./commands/init.js";
import { listCommand } from "./commands/list.js";
import { logsCommand } from "./commands/logs.js";
import { lspCommand } from "./commands/lsp.js";
import { runCommand } from "./commands/run.js";
import { runsCommand } from "./commands/runs.js";
import { showCommand } from "./commands/show.js";
import { xcomCommand } from "./commands/xcom.js";

/** Every command there is, by name. */
export const COMMANDS: readonly CliCommand[] = [
  checkCommand,
  graphCommand,
  initCommand,
  listCommand,
  logsCommand,
  lspCommand,
  runCommand,
  runsCommand,
  showCommand,
  xcomCommand,
];
