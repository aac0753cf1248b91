import type { TaskNode } from "#core/model/dag.js";
import { countLabel, mapCount } from "#core/model/graph.js";
import { element, icon } from "./dom.js";
import type { Part } from "./header.js";
import { SHOWN_STATES, STATE_LOOKS } from "./states.js";
import { EMPTY_STATE, stateOf } from "./state.js";
import type { PageState } from "./state.js";

export interface Tooltip extends Part {
  readonly show: (taskId: string, node: Element) => void;
  readonly hide: () => void;
}

const DELAY_MS = 350;
const GAP = 8;

/** Beside a node that the pointer or the focus rests on: what it is and how many instances are in which state. */
export function createTooltip(): Tooltip {
  const host = element("div", { className: "tooltip", attributes: { role: "tooltip" } });
  host.hidden = true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest: PageState = EMPTY_STATE;
  let about: { readonly taskId: string; readonly node: Element } | null = null;
  const hide = (): void => {
    clearTimeout(timer);
    about = null;
    host.hidden = true;
  };
  const write = (): void => {
    const task = latest.snapshot?.model?.tasks.find((candidate) => candidate.task_id === about?.taskId);
    if (task === undefined || about?.node.isConnected !== true) {
      hide();
      return;
    }
    host.replaceChildren(...linesOf(task, latest));
    host.hidden = false;
    placeBeside(host, about.node.getBoundingClientRect());
  };
  return {
    element: host,
    hide,
    show: (taskId, node) => {
      hide();
      about = { taskId, node };
      timer = setTimeout(write, DELAY_MS);
    },
    update: (state) => {
      latest = state;
      if (!host.hidden) write();
    },
  };
}

function linesOf(task: TaskNode, state: PageState): HTMLElement[] {
  const overlay = state.overlays.get(task.task_id);
  const instanceState = stateOf(state, task.task_id);
  const lines = [element("strong", { text: task.task_id }), element("div", { text: facts(task).join(" · ") })];
  if (state.run !== null) lines.push(stateLine(instanceState, null));
  const model = state.snapshot?.model;
  const count = model ? mapCount(task, model) : null;
  if (count === null) return lines;
  const number = overlay?.count ?? null;
  lines.push(element("div", { text: number === null ? `Instances: ${countLabel(count)}` : `${number} instances` }));
  if (number === null) return lines;
  const breakdown = SHOWN_STATES.filter((each) => (overlay?.counts[each] ?? 0) > 0);
  lines.push(...breakdown.map((each) => stateLine(each, overlay?.counts[each] ?? 0)));
  return lines;
}

function facts(task: TaskNode): string[] {
  const certainty = {
    exact: [],
    maybe: ["depends on a condition"],
    pattern: ["a part of the id is not known before a run"],
  }[task.certainty];
  const role = task.role === undefined ? [] : [task.role];
  const rule = task.trigger_rule === "all_success" ? [] : [`trigger rule ${task.trigger_rule}`];
  const mapped = task.mapping === null ? [] : [`mapped by ${task.mapping.kind}`];
  return [task.operator, ...role, ...mapped, ...rule, ...certainty];
}

function stateLine(state: ReturnType<typeof stateOf>, count: number | null): HTMLElement {
  const { glyph, label } = STATE_LOOKS[state];
  const text = count === null ? label : `${count} ${label}`;
  return element(
    "div",
    { className: `state-line state-${state}` },
    icon(glyph, "state-glyph"),
    element("span", { text }),
  );
}

/** Below the node where there is room, else above; never outside the window. */
function placeBeside(host: HTMLElement, node: DOMRect): void {
  const { width, height } = host.getBoundingClientRect();
  const below = node.bottom + GAP;
  const top = below + height <= window.innerHeight ? below : Math.max(GAP, node.top - GAP - height);
  const left = Math.min(Math.max(GAP, node.left), Math.max(GAP, window.innerWidth - width - GAP));
  host.style.transform = `translate(${left}px, ${top}px)`;
}
