import type { Unresolved } from "#core/model/dag.js";
import { element, icon } from "./dom.js";
import type { Part } from "./header.js";
import { HUGE_GRAPH, screenOf } from "./state.js";
import type { PageState } from "./state.js";
import { button, progressRing } from "./toolkit.js";

type Severity = "info" | "warning" | "error";

const GLYPHS: Readonly<Record<Severity, string>> = { info: "\uea74", warning: "\uea6c", error: "\uea87" };

export interface Notices extends Part {
  /** What went wrong in the page itself, e.g. while drawing; gone with the next snapshot. */
  report(text: string): void;
  /** How many tasks are being drawn, where that takes long enough to be said; null again once they are. */
  readonly drawing: (tasks: number | null) => void;
}

/** The bars above the graph: what the host says, what reading could not decide, that a large graph is being drawn. */
export function createNotices(): Notices {
  const host = element("div", { className: "notices", attributes: { role: "status" } });
  let shown = "";
  let problem: { readonly text: string; readonly snapshot: PageState["snapshot"] } | null = null;
  let drawing: number | null = null;
  let latest: PageState | null = null;
  const update = (state: PageState): void => {
    latest = state;
    if (problem !== null && problem.snapshot !== state.snapshot) problem = null;
    const bars = barsOf(state);
    if (drawing !== null) bars.push(drawingBar(drawing));
    if (problem !== null) bars.push({ severity: "error", text: problem.text, unresolved: [] });
    // Rebuilt only when it says something else: an opened list must not close at every state of a run.
    const key = JSON.stringify(bars);
    if (key === shown) return;
    shown = key;
    host.replaceChildren(...bars.map(barElement));
  };
  return {
    element: host,
    update,
    report: (text) => {
      problem = { text, snapshot: latest?.snapshot ?? null };
      if (latest !== null) update(latest);
    },
    drawing: (tasks) => {
      drawing = tasks;
      if (latest !== null) update(latest);
    },
  };
}

interface Bar {
  readonly severity: Severity;
  readonly text: string;
  readonly unresolved: readonly Unresolved[];
}

function barsOf({ snapshot }: PageState): Bar[] {
  const bars: Bar[] = [];
  if (snapshot?.notice) bars.push({ ...snapshot.notice, unresolved: [] });
  const unresolved = snapshot?.model?.unresolved ?? [];
  if (unresolved.length > 0) {
    const places = unresolved.length === 1 ? "one place" : `${unresolved.length} places`;
    bars.push({
      severity: "info",
      text: `Reading could not decide ${places}; the graph may be incomplete.`,
      unresolved,
    });
  }
  return bars;
}

function drawingBar(tasks: number): Bar {
  const text = `This DAG has ${tasks} tasks: drawing it takes a few seconds, in which the page does not answer.`;
  return { severity: "info", text, unresolved: [] };
}

function barElement({ severity, text, unresolved }: Bar): HTMLElement {
  const bar = element("div", { className: `notice ${severity}` }, icon(GLYPHS[severity]));
  if (unresolved.length === 0) bar.append(element("span", { text }));
  else bar.append(element("details", {}, element("summary", { text }), unresolvedList(unresolved)));
  return bar;
}

function unresolvedList(unresolved: readonly Unresolved[]): HTMLElement {
  const items = unresolved.map(({ reason, span }) => element("li", { text: `Line ${span.line}: ${reason}` }));
  return element("ul", {}, ...items);
}

/** What stands in the graph's place while there is none. */
export function createPlaceholder(drawLarge: () => void): Part {
  const host = element("main", { className: "placeholder", attributes: { "aria-label": "Graph" } });
  let shown = "";
  return {
    element: host,
    update: (state) => {
      const screen = screenOf(state);
      const tasks = state.snapshot?.model?.tasks.length ?? 0;
      host.hidden = screen === "graph";
      const key = `${screen} ${tasks}`;
      if (key === shown) return;
      shown = key;
      host.replaceChildren(...contentOf(screen, tasks, drawLarge));
    },
  };
}

function contentOf(screen: ReturnType<typeof screenOf>, tasks: number, drawLarge: () => void): HTMLElement[] {
  switch (screen) {
    case "waiting":
      return [progressRing("Reading the file"), element("p", { text: "Reading the file…" })];
    case "no-dag":
      return [
        icon("\uebb9", "large"),
        element("h2", { text: "No DAG in this file" }),
        element("p", { text: "A DAG is what dag() returns, exported from a file that imports 'fanout':" }),
        element("pre", { text: EXAMPLE }),
        element("p", { text: "'Fanout: Explain This File' says what was looked for and what was found." }),
      ];
    case "no-tasks":
      return [
        icon("\uebb9", "large"),
        element("h2", { text: "This DAG has no tasks yet" }),
        element("p", { text: "Call a task inside the body of dag(), and it appears here." }),
      ];
    case "huge":
      return [
        icon("\uebb9", "large"),
        element("h2", { text: `${tasks} tasks` }),
        element("p", {
          text: `Graphs of more than ${HUGE_GRAPH} tasks are drawn on request: it takes about ${Math.ceil(tasks / 100)} seconds, in which the page does not answer.`,
        }),
        button("Draw it", "secondary", drawLarge),
      ];
    case "graph":
      return [];
  }
}

const EXAMPLE = `import { dag, task } from "fanout";

const add = task(
  { task_id: "add" },
  ({ x }: { x: number }) => x + 1,
);

export default dag({ dag_id: "my_dag" }, () => {
  add.expand({ x: [1, 2, 3] });
});`;
