import type { RunDetails } from "#core/model/run.js";
import { shownTask } from "#core/model/shownState.js";
import type { TaskOverlay } from "#core/protocol/preview.js";
import type { ShownRun } from "../preview/previewSession.js";
import { isOver } from "./runBook.js";

/** A run of the history as the graph shows it. */
export function shownRunOf(details: RunDetails, home: string | null): ShownRun {
  const { run_id, dag_id, file, state, stopped } = details;
  const overlays = details.tasks.map((task): TaskOverlay => {
    const { cancelled = 0 } = shownTask(task).counts;
    return {
      ...{ task_id: task.task_id, state: task.state, count: task.mapped ? task.count : null, counts: task.counts },
      ...(cancelled > 0 && { cancelled }),
    };
  });
  return {
    run_id,
    dag_id,
    file,
    home,
    isRunning: !isOver(state),
    summary: () => details,
    overlay: () => ({
      run_id,
      state,
      stopped,
      start: Date.parse(details.start),
      end: details.end === null ? null : Date.parse(details.end),
      tasks: overlays,
    }),
    instancesOf: (id) => details.tasks.find(({ task_id }) => task_id === id)?.instances ?? [],
    overlayOf: (ids) => overlays.filter(({ task_id }) => ids.includes(task_id)),
  };
}
