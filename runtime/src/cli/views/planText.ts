import type { RunAction } from "#core/model/runAction.js";
import type { Selected } from "../../engine/actions/select.js";
import type { Colors } from "./colors.js";
import { glyph, instanceLabel, paintOf } from "./states.js";

/** Of each task so many instances are named. */
const MOST_NAMED = 10;

/** What an action is about to change, by task. */
export function planLines(
  run_id: string,
  { name, state }: Pick<RunAction, "name" | "state">,
  selected: readonly Selected[],
  colors: Colors,
): string[] {
  const count = selected.length === 1 ? "1 instance" : `${String(selected.length)} instances`;
  const what = name === "clear" ? `Clears ${count}` : `Marks ${count} ${state ?? "success"}`;
  return [
    `${what} of ${colors.bold(run_id)}:`,
    ...byTask(selected).map((own) => {
      const named = own
        .slice(0, MOST_NAMED)
        .map((one) => `${paintOf(one.state, colors)(glyph(one.state))} ${nameOf(one)}`);
      const others = own.length > MOST_NAMED ? [`… ${String(own.length - MOST_NAMED)} more`] : [];
      return `  ${[...named, ...others].join("  ")}`;
    }),
  ];
}

function byTask(selected: readonly Selected[]): readonly (readonly Selected[])[] {
  const lists = new Map<string, Selected[]>();
  for (const one of selected) {
    const list = lists.get(one.task_id);
    if (list) list.push(one);
    else lists.set(one.task_id, [one]);
  }
  return [...lists.values()];
}

function nameOf({ task_id, map_index, name, state }: Selected): string {
  return `${instanceLabel(task_id, map_index, name)} ${state}`;
}
