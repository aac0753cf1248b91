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
  const tasks = [...new Set(selected.map(({ task_id }) => task_id))];
  return [
    `${what} of ${colors.bold(run_id)}:`,
    ...tasks.map((task_id) => {
      const own = selected.filter((one) => one.task_id === task_id);
      const named = own
        .slice(0, MOST_NAMED)
        .map((one) => `${paintOf(one.state, colors)(glyph(one.state))} ${nameOf(one)}`);
      const others = own.length > MOST_NAMED ? [`… ${String(own.length - MOST_NAMED)} more`] : [];
      return `  ${[...named, ...others].join("  ")}`;
    }),
  ];
}

function nameOf({ task_id, map_index, name, state }: Selected): string {
  return `${instanceLabel(task_id, map_index, name)} ${state}`;
}
