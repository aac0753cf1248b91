import { LENS_COMMANDS } from "#core/protocol/lensCommands.js";
import { DEFAULT_SETTINGS } from "#core/settings.js";

/**
 * What the extension adds to VS Code, as plain data: the single source of the manifest's `contributes` (written by
 * `scripts/generate.ts`) and of the command table's type. No `vscode` import, so that scripts can read it.
 */
export interface CommandContribution {
  readonly title: string;
  /** One sentence for the README's table. */
  readonly description: string;
  readonly icon?: string;
  /** When the palette offers it: always, never (it needs a tree item or a panel), or under a condition. */
  readonly palette: "always" | "never" | { readonly when: string };
}

export const COMMAND_CATEGORY = "Fanout";

export const VIEW_IDS = { container: "fanout", dags: "fanout.dags", runs: "fanout.runs" } as const;

/** In the order in which they stand in the container. */
export const views = [
  { id: VIEW_IDS.dags, name: "DAGs" },
  { id: VIEW_IDS.runs, name: "Runs" },
] as const;
export const PREVIEW_VIEW_TYPE = "fanout.preview";
const RESTRICTED_SETTINGS = ["fanout.nodePath"] as const;

/** Context keys that the extension sets and `when` clauses read. */
export const CONTEXT_KEYS = {
  /** Paths of the open files that define or import DAGs. */
  dagFiles: "fanout.dagFiles",
  activeDagFile: "fanout.activeDagFile",
  running: "fanout.running",
  serverRunning: "fanout.serverRunning",
  /** The whole workspace was looked through for DAGs. */
  dagsRead: "fanout.dagsRead",
} as const;

/** Told by the name alone, so that it holds before the extension is active. */
const namedAsDagFile = "resourceFilename =~ /\\.dag\\.[cm]?ts$/";
const onDagFile = `${namedAsDagFile} || ${CONTEXT_KEYS.activeDagFile} || activeWebviewPanelId == '${PREVIEW_VIEW_TYPE}'`;

/** Without a DAG file in front of them, people choose one. */
const onAnyDag = `${onDagFile} || ${CONTEXT_KEYS.serverRunning}`;

export const commands = {
  [LENS_COMMANDS.run]: {
    title: "Run DAG",
    description: "Saves the file and runs its DAG on this machine.",
    icon: "$(play)",
    palette: { when: onAnyDag },
  },
  "fanout.cancelRun": {
    title: "Cancel Run",
    description: "Ends the running instances of a run and starts no more.",
    icon: "$(debug-stop)",
    palette: { when: CONTEXT_KEYS.running },
  },
  [LENS_COMMANDS.preview]: {
    title: "Preview Graph",
    description: "Opens the graph beside the code; it follows the cursor, the edit and the run.",
    icon: "$(type-hierarchy)",
    palette: { when: onAnyDag },
  },
  "fanout.goToTask": {
    title: "Go to Task…",
    description: "Jumps to a task of the file's DAGs.",
    palette: { when: onDagFile },
  },
  "fanout.goToDag": {
    title: "Go to DAG…",
    description: "Jumps to a DAG of the workspace, whether its file is open or not.",
    palette: { when: CONTEXT_KEYS.serverRunning },
  },
  "fanout.revealDag": {
    title: "Go to Source",
    description: "Opens the call that creates a DAG or a task of the view DAGs.",
    icon: "$(go-to-file)",
    palette: "never",
  },
  "fanout.explainFile": {
    title: "Explain This File",
    description: "Tells what was recognised in the file and why something was not.",
    icon: "$(info)",
    palette: { when: onDagFile },
  },
  "fanout.refreshRuns": {
    title: "Refresh Runs",
    description: "Reads the run history again.",
    icon: "$(refresh)",
    palette: "always",
  },
  "fanout.runAgain": {
    title: "Run Again",
    description: "Runs the DAG of a run once more, for the same logical date.",
    icon: "$(debug-rerun)",
    palette: "never",
  },
  "fanout.resumeRun": {
    title: "Resume Run",
    description:
      "Goes on with a run that ended before its tasks had, such as one that was lost or cancelled; what has ended stays.",
    icon: "$(debug-continue)",
    palette: "never",
  },
  "fanout.retryFailed": {
    title: "Retry Failed…",
    description: "Clears what failed of a run, task or instance, and what could not run because of it.",
    icon: "$(debug-restart-frame)",
    palette: "never",
  },
  "fanout.clear": {
    title: "Clear…",
    description: "Runs a run, a task or one instance once more, with or without what is behind it.",
    icon: "$(clear-all)",
    palette: "never",
  },
  "fanout.markSuccess": {
    title: "Mark Success…",
    description: "Lets a task or one instance count as succeeded, whatever it did.",
    icon: "$(pass)",
    palette: "never",
  },
  "fanout.markFailed": {
    title: "Mark Failed…",
    description: "Lets a task or one instance count as failed, whatever it did.",
    icon: "$(error)",
    palette: "never",
  },
  [LENS_COMMANDS.runOnly]: {
    title: "Run Only This…",
    description: "Starts a run of one task or one instance, and of what that needs.",
    icon: "$(run-above)",
    palette: "never",
  },
  "fanout.revealRun": {
    title: "Reveal in Preview",
    description: "Shows a run's states and counts on the graph.",
    icon: "$(type-hierarchy)",
    palette: "never",
  },
  "fanout.revealTask": {
    title: "Go to Source",
    description: "Opens the call that creates a task.",
    icon: "$(go-to-file)",
    palette: "never",
  },
  "fanout.openLog": {
    title: "Open Log",
    description: "Opens what an instance wrote.",
    icon: "$(output)",
    palette: "never",
  },
  "fanout.openRendered": {
    title: "Open Rendered Inputs",
    description: "Opens the inputs that an instance received.",
    icon: "$(symbol-parameter)",
    palette: "never",
  },
  "fanout.openXcom": {
    title: "Open XCom",
    description: "Opens the value that an instance returned.",
    icon: "$(json)",
    palette: "never",
  },
  "fanout.showInstances": {
    title: "Show Instances",
    description: "Shows a task of the graph in the view Runs, with each of its instances.",
    icon: "$(list-tree)",
    palette: "never",
  },
  "fanout.showOutput": {
    title: "Show Output",
    description: "Opens the extension's log.",
    palette: "always",
  },
  "fanout.restartServer": {
    title: "Restart Language Server",
    description: "Starts the analysis anew.",
    palette: { when: CONTEXT_KEYS.serverRunning },
  },
} as const satisfies Record<string, CommandContribution>;

export type CommandId = keyof typeof commands;

interface MenuEntry {
  readonly command: CommandId;
  readonly when: string;
  readonly group: string;
}

const onDagEditor = `${namedAsDagFile} || resourcePath in ${CONTEXT_KEYS.dagFiles}`;
const inDags = `view == ${VIEW_IDS.dags}`;
/** A task or an instance of a run that is not under way. */
const stoppedPart = "viewItem =~ /^(failed-)?(task|instance|unmappedInstance)$/";
/** A task of the graph: `PageTask` and `PageGraph` say what is known there. */
const onNode = `webviewId == '${PREVIEW_VIEW_TYPE}' && webviewSection == task`;
const inRuns = `view == ${VIEW_IDS.runs}`;

export const menus: Readonly<Record<string, readonly MenuEntry[]>> = {
  "editor/title": [
    { command: "fanout.runDag", when: onDagEditor, group: "navigation@1" },
    { command: "fanout.previewGraph", when: onDagEditor, group: "navigation@2" },
  ],
  "editor/context": [{ command: "fanout.explainFile", when: onDagEditor, group: "z_fanout@1" }],
  "explorer/context": [{ command: "fanout.previewGraph", when: namedAsDagFile, group: "navigation@20" }],
  "view/title": [{ command: "fanout.refreshRuns", when: inRuns, group: "navigation@1" }],
  "view/item/context": [
    { command: "fanout.runDag", when: `${inDags} && viewItem == dag`, group: "inline@1" },
    { command: "fanout.previewGraph", when: `${inDags} && viewItem == dag`, group: "inline@2" },
    { command: "fanout.cancelRun", when: `${inRuns} && viewItem == runningRun`, group: "inline@1" },
    { command: "fanout.runAgain", when: `${inRuns} && viewItem == finishedRun`, group: "inline@1" },
    { command: "fanout.resumeRun", when: `${inRuns} && viewItem == stoppedRun`, group: "inline@1" },
    { command: "fanout.retryFailed", when: `${inRuns} && viewItem == failedRun`, group: "inline@1" },
    { command: "fanout.revealRun", when: `${inRuns} && viewItem =~ /Run$/`, group: "inline@2" },
    { command: "fanout.openLog", when: `${inRuns} && viewItem =~ /[iI]nstance$/`, group: "inline@1" },
    { command: "fanout.revealTask", when: `${inRuns} && viewItem =~ /(task|unmappedInstance)$/`, group: "inline@2" },
    { command: "fanout.cancelRun", when: `${inRuns} && viewItem == runningRun`, group: "1_run@1" },
    { command: "fanout.runAgain", when: `${inRuns} && viewItem =~ /Run$/`, group: "1_run@2" },
    { command: "fanout.resumeRun", when: `${inRuns} && viewItem == stoppedRun`, group: "1_run@3" },
    { command: "fanout.retryFailed", when: `${inRuns} && viewItem =~ /^(failed|stopped)Run$/`, group: "1_run@4" },
    { command: "fanout.clear", when: `${inRuns} && viewItem =~ /^(finished|failed|stopped)Run$/`, group: "1_run@5" },
    { command: "fanout.retryFailed", when: `${inRuns} && viewItem =~ /^failed-/`, group: "1_run@4" },
    { command: "fanout.clear", when: `${inRuns} && ${stoppedPart}`, group: "1_run@5" },
    { command: "fanout.markSuccess", when: `${inRuns} && ${stoppedPart}`, group: "1_run@6" },
    { command: "fanout.markFailed", when: `${inRuns} && ${stoppedPart}`, group: "1_run@7" },
    { command: "fanout.runOnly", when: `${inRuns} && viewItem =~ /(task|[iI]nstance)$/`, group: "1_run@8" },
    { command: "fanout.runOnly", when: `${inDags} && viewItem == dagTask`, group: "inline@1" },
    { command: "fanout.revealRun", when: `${inRuns} && viewItem =~ /Run$/`, group: "2_open@1" },
    { command: "fanout.openLog", when: `${inRuns} && viewItem =~ /[iI]nstance$/`, group: "2_open@1" },
    { command: "fanout.openRendered", when: `${inRuns} && viewItem =~ /[iI]nstance$/`, group: "2_open@2" },
    { command: "fanout.openXcom", when: `${inRuns} && viewItem =~ /[iI]nstance$/`, group: "2_open@3" },
    { command: "fanout.revealTask", when: `${inRuns} && viewItem =~ /(task|[iI]nstance)$/`, group: "3_go@1" },
  ],
  "webview/context": [
    { command: "fanout.runOnly", when: `${onNode} && isWorkspaceTrusted`, group: "1_run@1" },
    {
      command: "fanout.retryFailed",
      when: `${onNode} && fanoutRun == stopped && fanoutTask == failed`,
      group: "1_run@2",
    },
    { command: "fanout.clear", when: `${onNode} && fanoutRun == stopped`, group: "1_run@3" },
    { command: "fanout.markSuccess", when: `${onNode} && fanoutRun == stopped`, group: "1_run@4" },
    { command: "fanout.markFailed", when: `${onNode} && fanoutRun == stopped`, group: "1_run@5" },
    { command: "fanout.openLog", when: `${onNode} && fanoutRun != none`, group: "2_open@1" },
    { command: "fanout.showInstances", when: `${onNode} && fanoutRun != none`, group: "2_open@2" },
    { command: "fanout.revealTask", when: onNode, group: "3_go@1" },
  ],
};

export const viewsWelcome = [
  {
    view: VIEW_IDS.dags,
    contents:
      "The DAGs of this workspace appear here once one of its files imports 'fanout'.\n[Get Started](command:workbench.action.openWalkthrough?%22fanout.fanout%23start%22)",
    when: `workbenchState != empty && ${CONTEXT_KEYS.dagsRead}`,
  },
  {
    view: VIEW_IDS.dags,
    contents: "Open a folder that holds DAG files.\n[Open Folder](command:workbench.action.files.openFolder)",
    when: "workbenchState == empty",
  },
  {
    view: VIEW_IDS.runs,
    contents:
      "Runs of your DAGs appear here, with the log, the inputs and the result of every mapped instance.\n[Run DAG](command:fanout.runDag)\nA DAG is a TypeScript file that imports 'fanout', such as 'adder.dag.ts'.",
    when: "isWorkspaceTrusted && workbenchState != empty",
  },
  {
    view: VIEW_IDS.runs,
    contents:
      "Open a folder that holds DAG files to see and start runs.\n[Open Folder](command:workbench.action.files.openFolder)",
    when: "isWorkspaceTrusted && workbenchState == empty",
  },
  {
    view: VIEW_IDS.runs,
    contents:
      "This folder is open in Restricted Mode: mistakes and graphs are shown, nothing is run.\n[Manage Workspace Trust](command:workbench.trust.manage)",
    when: "!isWorkspaceTrusted",
  },
] as const;

export interface SettingContribution {
  readonly type: "boolean" | "string" | "integer";
  readonly default: boolean | string | number;
  readonly scope: "resource" | "window" | "machine-overridable";
  readonly minimum?: number;
  readonly maximum?: number;
  readonly markdownDescription: string;
}

/** Everything but `fanout.rules.*`, which the generator adds from the rule catalogue. */
export const settings = {
  "fanout.codeLens": {
    type: "boolean",
    default: DEFAULT_SETTINGS.codeLens,
    scope: "resource",
    markdownDescription: "Show **Run** and **Preview** above each DAG, and **Run only this task** above each task.",
  },
  "fanout.inlayHints": {
    type: "boolean",
    default: DEFAULT_SETTINGS.inlayHints,
    scope: "resource",
    markdownDescription: "Show the number of mapped instances behind `expand`, such as `[3]` or `[3×4=12]`.",
  },
  "fanout.nodePath": {
    type: "string",
    default: DEFAULT_SETTINGS.nodePath,
    scope: "machine-overridable",
    markdownDescription:
      "Path of the Node (20.19 or newer) that runs DAGs. Empty: `node` on the `PATH`, else the one inside VS Code.",
  },
  "fanout.parallelism": {
    type: "integer",
    default: DEFAULT_SETTINGS.parallelism,
    scope: "resource",
    minimum: 0,
    maximum: 256,
    markdownDescription: "Worker processes of a run; `0`: one per core.",
  },
} as const satisfies Record<string, SettingContribution>;

export const activationEvents = ["onLanguage:typescript", "workspaceContains:**/*.dag.ts"] as const;

export const capabilities = {
  untrustedWorkspaces: {
    supported: "limited",
    description: "Mistakes, graphs and explanations work; running DAGs needs a trusted workspace.",
    restrictedConfigurations: RESTRICTED_SETTINGS,
  },
  virtualWorkspaces: {
    supported: false,
    description: "DAG files are read and run by processes that need them on a disk.",
  },
} as const;

/** The folder of the plugin inside the extension is `node_modules/<name>`: TypeScript finds plugins only there. */
export const typescriptServerPlugins = [
  { name: "fanout-typescript-plugin", enableForWorkspaceTypeScriptVersions: true },
] as const;
