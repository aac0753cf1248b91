import { type CommandId, VIEW_IDS } from "./contributions.js";

interface WalkthroughStep {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Done once one of these commands was given; without any, once the step was looked at. */
  readonly doneBy?: readonly CommandId[];
}

/** Each step's page is `media/walkthrough/<id>.md`. */
export const walkthroughSteps: readonly WalkthroughStep[] = [
  {
    id: "write",
    title: "Write a DAG",
    description: "A DAG is a TypeScript file that imports 'fanout'. Name it '*.dag.ts'.",
  },
  {
    id: "check",
    title: "See mistakes as you type",
    description: "A mapping that could not run is underlined at once, most with a fix.",
  },
  {
    id: "preview",
    title: "Look at the graph",
    description: "It stands beside the code and follows it.\n[Preview Graph](command:fanout.previewGraph)",
    doneBy: ["fanout.previewGraph"],
  },
  {
    id: "run",
    title: "Run it",
    description:
      "Every mapped instance runs on this machine, one process for each core.\n[Run DAG](command:fanout.runDag)",
    doneBy: ["fanout.runDag"],
  },
  {
    id: "look",
    title: "Look into an instance",
    description: `Its log, the inputs it received and what it returned.\n[Show Runs](command:${VIEW_IDS.runs}.focus)`,
    doneBy: ["fanout.openLog", "fanout.openRendered", "fanout.openXcom"],
  },
];
