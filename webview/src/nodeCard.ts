import type { ShownState } from "#core/model/shownState.js";
import type { PageTask } from "#core/protocol/preview.js";
import { element, icon, setAttribute, setContext, setText, svgElement } from "./dom.js";
import type { DrawnNode } from "./render.js";
import { SHOWN_STATES, STATE_LOOKS, type ShownOverlay, describeCounts } from "./states.js";

/** What a node shows at one moment. */
interface NodeFace {
  readonly state: ShownState;
  /** `[3]` or `[ ]`; empty for a task that is not mapped. */
  readonly mark: string;
  readonly overlay: ShownOverlay | null;
  readonly selected: boolean;
  readonly dimmed: boolean;
}

export interface NodeCard {
  readonly drawn: DrawnNode;
  /** Writes what differs from what is shown. */
  paint(face: NodeFace): void;
}

interface CardText {
  readonly label: string;
  readonly mapped: boolean;
  /** Behind the name: what a task is to others. */
  readonly role: { readonly mark: string; readonly spoken: string } | null;
  /** Read out after name and state, e.g. the groups and what runs before. */
  readonly description: string;
}

const STACK_OFFSET = 4;
const RING_GAP = 4;

/** Puts our own content into the box that mermaid laid out. */
export function createNodeCard(drawn: DrawnNode, text: CardText): NodeCard {
  const glyph = icon(STATE_LOOKS.none.glyph, "state-glyph");
  const mark = element("span", { className: "mark" });
  const bar = text.mapped ? createBar() : null;
  const line = element("div", { className: "line" }, glyph, element("span", { className: "name", text: text.label }));
  if (text.mapped) line.append(mark);
  if (text.role !== null) line.append(element("span", { className: "role", text: text.role.mark }));
  fill(drawn, element("div", { className: "card" }, line, ...(bar === null ? [] : [bar.element])));
  decorate(drawn, text.mapped);
  let shown: ShownState | null = null;
  return {
    drawn,
    paint: (face) => {
      if (shown !== face.state) {
        if (shown !== null) drawn.element.classList.remove(`state-${shown}`);
        drawn.element.classList.add(`state-${face.state}`);
        setText(glyph, STATE_LOOKS[face.state].glyph);
        setContext(drawn.element, contextOf(drawn, face.state));
        shown = face.state;
      }
      setText(mark, face.mark);
      bar?.paint(face.overlay);
      drawn.element.classList.toggle("selected", face.selected);
      drawn.element.classList.toggle("dimmed", face.dimmed);
      setAttribute(drawn.element, "aria-pressed", String(face.selected));
      setAttribute(drawn.element, "aria-label", spoken(text, face));
    },
  };
}

function contextOf({ task_id }: DrawnNode, state: ShownState): PageTask {
  const canRetry = state === "failed" || state === "cancelled" || state === "upstream_failed";
  return { webviewSection: "task", task_id, fanoutTask: canRetry ? "failed" : "other" };
}

function spoken(text: CardText, face: NodeFace): string {
  const counts = face.overlay === null ? "" : describeCounts(face.overlay.counts);
  const instances = text.mapped && counts !== "" ? `, instances: ${counts}` : "";
  const mapped = text.mapped ? ` ${face.mark}, mapped` : "";
  const role = text.role === null ? "" : `, ${text.role.spoken}`;
  return `${text.label}${mapped}${role}, ${STATE_LOOKS[face.state].label}${instances}${text.description}`;
}

function fill(drawn: DrawnNode, card: HTMLElement): void {
  const { width, height } = drawn.place;
  const label = drawn.element.querySelector(".label");
  label?.setAttribute("transform", `translate(${-width / 2},${-height / 2})`);
  drawn.content.setAttribute("width", String(width));
  drawn.content.setAttribute("height", String(height));
  drawn.content.replaceChildren(card);
}

/** The stack behind a mapped task, and the two rings: selection is solid, keyboard focus is dashed and further out. */
function decorate(drawn: DrawnNode, mapped: boolean): void {
  drawn.element.setAttribute("role", "button");
  drawn.element.setAttribute("tabindex", "-1");
  drawn.element.classList.toggle("mapped", mapped);
  drawn.box.setAttribute("rx", "5");
  drawn.box.setAttribute("ry", "5");
  const layers = mapped ? [2 * STACK_OFFSET, STACK_OFFSET] : [];
  for (const offset of layers) drawn.box.before(rectangle(drawn, "stack", offset, 0));
  const reach = mapped ? 2 * STACK_OFFSET : 0;
  drawn.element.prepend(ring(drawn, "focus-ring", RING_GAP * 2, reach), ring(drawn, "selection-ring", RING_GAP, reach));
}

function rectangle(drawn: DrawnNode, className: string, shift: number, grow: number): SVGRectElement {
  const { width, height } = drawn.place;
  return svgElement("rect", {
    class: className,
    x: -width / 2 - grow + shift,
    y: -height / 2 - grow + shift,
    width: width + 2 * grow,
    height: height + 2 * grow,
    rx: 5 + grow,
  });
}

function ring(drawn: DrawnNode, className: string, gap: number, reach: number): SVGRectElement {
  const around = rectangle(drawn, className, 0, gap);
  around.setAttribute("width", String(drawn.place.width + 2 * gap + reach));
  around.setAttribute("height", String(drawn.place.height + 2 * gap + reach));
  return around;
}

function createBar(): { readonly element: HTMLElement; paint(overlay: ShownOverlay | null): void } {
  const segments = SHOWN_STATES.map((state) => {
    const segment = element("i", { className: `segment state-${state}` });
    segment.hidden = true;
    return { state, segment };
  });
  return {
    element: element("div", { className: "bar" }, ...segments.map(({ segment }) => segment)),
    paint: (overlay) => {
      for (const { state, segment } of segments) {
        const count = overlay?.counts[state] ?? 0;
        if (segment.hidden !== (count === 0)) segment.hidden = count === 0;
        if (segment.style.flexGrow !== String(count)) segment.style.flexGrow = String(count);
      }
    },
  };
}
