import "./styleNonce.js";
import type { HostMessage } from "#core/protocol/parse.js";
import { element, oncePerFrame } from "./dom.js";
import { createGraphView } from "./graphView.js";
import { createHeader } from "./header.js";
import { connectHost } from "./host.js";
import { listenToStage } from "./interactions.js";
import { createNotices, createPlaceholder } from "./notices.js";
import { createRenderer } from "./render.js";
import { createStage } from "./stage.js";
import { EMPTY_STATE, reduce, screenOf } from "./state.js";
import type { PageAction, PageState } from "./state.js";
import { registerToolkit } from "./toolkit.js";
import { createTooltip } from "./tooltip.js";

/** The page: the host's messages and the person's actions go into one state, and the parts follow it. */
function start(): void {
  registerToolkit();
  const host = connectHost();
  let state: PageState = EMPTY_STATE;

  const header = createHeader({
    run: () => {
      host.post({ method: "run", params: null });
    },
    cancel: () => {
      host.post({ method: "cancel", params: null });
    },
    chooseDag: (dag_id) => {
      host.post({ method: "chooseDag", params: { dag_id } });
    },
    emphasise: (picked) => {
      dispatch({ method: "emphasise", params: { state: picked } });
    },
  });
  const notices = createNotices();
  const placeholder = createPlaceholder(() => {
    dispatch({ method: "drawLarge", params: null });
  });
  const stage = createStage();
  const tooltip = createTooltip();
  const measuringRoom = element("div", { className: "measuring-room", attributes: { "aria-hidden": "true" } });
  const root = document.getElementById("app") ?? document.body;
  root.append(header.element, notices.element, placeholder.element, stage.element, tooltip.element, measuringRoom);

  const view = createGraphView(stage, createRenderer(measuringRoom), {
    drawing: notices.drawing,
    failed: (error) => {
      notices.report(`The graph could not be drawn: ${error instanceof Error ? error.message : String(error)}`);
    },
  });

  const chrome = oncePerFrame(() => {
    for (const part of [header, notices, placeholder, tooltip]) part.update(state);
  });
  const dispatch = (message: HostMessage | PageAction): void => {
    const step = reduce(state, message);
    state = step.state;
    for (const posted of step.post) host.post(posted);
    stage.element.hidden = screenOf(state) !== "graph";
    view.update(state, step.touched);
    chrome();
  };

  host.listen(dispatch);
  listenToStage({ stage, view, tooltip, state: () => state, dispatch, post: host.post });
  setInterval(() => {
    if (state.run !== null && state.run.end === null) chrome();
  }, 1000);
  for (const part of [header, placeholder]) part.update(state);
  stage.element.hidden = true;
  host.post({ method: "ready", params: null });
}

start();
