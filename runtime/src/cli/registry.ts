import type { CliCommand } from "./command.js";

/** Every command there is, by name. Only the one that was asked for is loaded: nobody waits for the others. */
export const COMMANDS: Readonly<Record<string, () => Promise<CliCommand>>> = {
  backfill: async () => (await import("./commands/backfill.js")).backfillCommand,
  cancel: async () => (await import("./commands/cancel.js")).cancelCommand,
  check: async () => (await import("./commands/check.js")).checkCommand,
  clear: async () => (await import("./commands/clear.js")).clearCommand,
  graph: async () => (await import("./commands/graph.js")).graphCommand,
  init: async () => (await import("./commands/init.js")).initCommand,
  list: async () => (await import("./commands/list.js")).listCommand,
  logs: async () => (await import("./commands/logs.js")).logsCommand,
  lsp: async () => (await import("./commands/lsp.js")).lspCommand,
  mark: async () => (await import("./commands/mark.js")).markCommand,
  resume: async () => (await import("./commands/resume.js")).resumeCommand,
  run: async () => (await import("./commands/run.js")).runCommand,
  runs: async () => (await import("./commands/runs.js")).runsCommand,
  show: async () => (await import("./commands/show.js")).showCommand,
  xcom: async () => (await import("./commands/xcom.js")).xcomCommand,
};
