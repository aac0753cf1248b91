import { durationText } from "#core/durationText.js";
import { element, icon, setText } from "./dom.js";
import type { ShownState } from "#core/model/shownState.js";
import { RUN_STATE_GLYPHS, SHOWN_STATES, STATE_LOOKS, STOPPED_GLYPHS } from "./states.js";
import { stateOf } from "./state.js";
import type { PageState } from "./state.js";
import { button, dropdown } from "./toolkit.js";

export interface HeaderActions {
  readonly run: () => void;
  readonly cancel: () => void;
  readonly chooseDag: (dagId: string) => void;
  readonly emphasise: (state: ShownState | null) => void;
}

/** A part of the page outside the graph: built once, then brought up to date. */
export interface Part {
  readonly element: HTMLElement;
  update(state: PageState): void;
}

export function createHeader(actions: HeaderActions): Part {
  const parts = [createIdentity(actions), createRunState(), createLegend(actions), createActions(actions)];
  return {
    element: element("header", { className: "header" }, ...parts.map((part) => part.element)),
    update: (state) => {
      for (const part of parts) part.update(state);
    },
  };
}

function createIdentity({ chooseDag }: HeaderActions): Part {
  const title = element("h1");
  const chooser = dropdown("DAG", chooseDag);
  const file = element("span", { className: "file" });
  return {
    element: element("div", { className: "identity" }, icon("\uebb9"), title, chooser.element, file),
    update: ({ snapshot }) => {
      const dagId = snapshot?.model?.dag_id ?? null;
      const several = (snapshot?.dagIds.length ?? 0) > 1;
      setText(title, dagId ?? "Fanout");
      title.classList.toggle("only-read-out", several);
      chooser.element.hidden = !several;
      if (several) chooser.show(snapshot?.dagIds ?? [], dagId ?? "");
      setText(file, snapshot?.fileName ?? "");
      const origin = snapshot?.model?.origin;
      file.title =
        origin === undefined ? "" : `The graph is known from ${origin === "read" ? "reading" : "executing"} the file.`;
    },
  };
}

function createRunState(): Part {
  const glyph = icon("", "state-glyph");
  const text = element("span");
  const elapsed = element("span", { className: "elapsed" });
  const host = element("div", { className: "run-state", attributes: { role: "status" } }, glyph, text);
  // Outside the live region: a second that passes is no news to be read out.
  const wrapper = element("div", { className: "run" }, host, elapsed);
  return {
    element: wrapper,
    update: ({ run }) => {
      wrapper.hidden = run === null;
      if (run === null) return;
      wrapper.className = `run state-${run.stopped ?? run.state}`;
      setText(glyph, run.stopped === null ? RUN_STATE_GLYPHS[run.state] : STOPPED_GLYPHS[run.stopped]);
      setText(text, run.stopped ?? run.state);
      setText(elapsed, durationText((run.end ?? Date.now()) - run.start));
      wrapper.title = `Run ${run.run_id}`;
    },
  };
}

function createLegend({ emphasise }: HeaderActions): Part {
  const host = element("div", {
    className: "legend",
    attributes: { role: "toolbar", "aria-label": "Tasks by state" },
  });
  const chips = SHOWN_STATES.map((state) => {
    const count = element("b");
    const press = element(
      "button",
      {
        className: `chip state-${state}`,
        attributes: { type: "button", title: `Show ${STATE_LOOKS[state].label} tasks` },
      },
      icon(STATE_LOOKS[state].glyph, "state-glyph"),
      element("span", { text: STATE_LOOKS[state].label }),
      count,
    );
    press.addEventListener("click", () => {
      emphasise(press.getAttribute("aria-pressed") === "true" ? null : state);
    });
    return { state, press, count };
  });
  host.append(...chips.map(({ press }) => press));
  return {
    element: host,
    update: (page) => {
      host.hidden = page.run === null;
      const tasks = page.snapshot?.model?.tasks ?? [];
      for (const { state, press, count } of chips) {
        const number = tasks.filter((task) => stateOf(page, task.task_id) === state).length;
        setText(count, String(number));
        press.hidden = number === 0 && page.emphasised !== state;
        press.setAttribute("aria-pressed", String(page.emphasised === state));
      }
    },
  };
}

function createActions({ run, cancel }: HeaderActions): Part {
  const runButton = button("Run", "primary", run);
  const cancelButton = button("Cancel", "secondary", cancel);
  const restricted = element(
    "span",
    { className: "restricted", attributes: { title: "Trust this workspace to run DAGs; reading them works without." } },
    icon("\ueb53"),
    element("span", { text: "Restricted Mode" }),
  );
  return {
    element: element("div", { className: "actions" }, restricted, runButton, cancelButton),
    update: ({ snapshot, run: current }) => {
      const running = current?.state === "running" || current?.state === "queued";
      restricted.hidden = snapshot?.canRun !== false;
      runButton.hidden = running;
      cancelButton.hidden = !running;
      runButton.disabled = snapshot?.canRun !== true || snapshot.model === null || snapshot.model.tasks.length === 0;
    },
  };
}
