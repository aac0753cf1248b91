import type { DagModel } from "#core/model/dag.js";
import { escapeXml } from "../views/xml.js";
import type { Point } from "./dagre.js";
import { bounds, type DrawnGroup, type DrawnTask, type Drawing, layOut, LINE } from "./layout.js";

/** What `dist/runtime/svg.cjs` gives: apart, because few commands draw. */
export interface GraphDrawer {
  readonly drawGraph: typeof drawGraph;
}

const MARGIN = 16;
const ARROW = 7;

const STYLE = `
  .task, .group { fill: #ffffff; stroke: #57606a; }
  .group { fill: #f6f8fa; stroke: #d0d7de; }
  .maybe { stroke-dasharray: 5 4; }
  .edge { fill: none; stroke: #57606a; }
  .arrow { fill: #57606a; }
  text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #1f2328; white-space: pre; }
  @media (prefers-color-scheme: dark) {
    .task { fill: #161b22; stroke: #8b949e; }
    .group { fill: #0d1117; stroke: #30363d; }
    .edge { stroke: #8b949e; }
    .arrow { fill: #8b949e; }
    text { fill: #e6edf3; }
  }`;

/** The graph of a DAG as a standalone SVG, which follows the reader's light or dark theme. */
export function drawGraph(model: DagModel): string {
  const drawing = layOut(model);
  const { x, y, width, height } = areaOf(drawing);
  const box = [x, y, width, height].map(rounded).join(" ");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="${box}" width="${rounded(width)}" height="${rounded(height)}">`,
    `<title>${escapeXml(model.dag_id)}</title>`,
    `<style>${STYLE}\n</style>`,
    `<defs><marker id="arrow" viewBox="0 0 10 10" refX="10" refY="5" markerWidth="${ARROW}" markerHeight="${ARROW}" orient="auto"><path class="arrow" d="M0 0L10 5L0 10z"/></marker></defs>`,
    ...drawing.groups.map(groupElement),
    ...drawing.edges.map((points) => `<path class="edge" marker-end="url(#arrow)" d="${curve(points)}"/>`),
    ...drawing.tasks.map(taskElement),
    "</svg>\n",
  ].join("\n");
}

function areaOf({ tasks, groups, edges }: Drawing) {
  const points = edges.flat().map(({ x, y }) => ({ x, y, width: 0, height: 0 }));
  const boxes = [...[...tasks, ...groups].map(({ box }) => box), ...points];
  const area = boxes.length === 0 ? { x: 0, y: 0, width: 0, height: 0 } : bounds(boxes);
  return {
    ...{ x: area.x - MARGIN, y: area.y - MARGIN },
    ...{ width: area.width + 2 * MARGIN, height: area.height + 2 * MARGIN },
  };
}

function groupElement({ group, label, box }: DrawnGroup): string {
  const text = textAt(box.x + box.width / 2, box.y + LINE, label);
  return `<g><title>${escapeXml(group.group_id)}</title>${rectangle("group", box, 4)}${text}</g>`;
}

/** A mapped task has the double sides that it has in the text for mermaid, too. */
function taskElement({ task, label, isMapped, box }: DrawnTask): string {
  const className = task.certainty === "exact" ? "task" : "task maybe";
  const sides = [box.x + 6, box.x + box.width - 6].map((x) => {
    const line = `M${point({ x, y: box.y })}V${rounded(box.y + box.height)}`;
    return `<path class="${className}" d="${line}"/>`;
  });
  const text = textAt(box.x + box.width / 2, box.y + box.height / 2 + 4.5, label);
  const shape = rectangle(className, box, isMapped ? 0 : 6);
  return `<g><title>${escapeXml(task.task_id)}</title>${shape}${isMapped ? sides.join("") : ""}${text}</g>`;
}

function rectangle(className: string, { x, y, width, height }: DrawnTask["box"], radius: number): string {
  const [left, top, wide, high] = [x, y, width, height].map(rounded);
  return `<rect class="${className}" x="${left}" y="${top}" width="${wide}" height="${high}" rx="${radius}"/>`;
}

function textAt(x: number, y: number, text: string): string {
  return `<text x="${rounded(x)}" y="${rounded(y)}" text-anchor="middle">${escapeXml(text)}</text>`;
}

/** A smooth line: the cubic B-spline of its points, from the first to the last. */
function curve(points: readonly Point[]): string {
  const [first, second] = points;
  if (first === undefined || second === undefined) return "";
  let [a, b] = [first, second];
  const parts = [`M${point(a)}`, `L${mix([5, a], [1, b])}`];
  for (const c of [...points.slice(2), points.at(-1) ?? b]) {
    parts.push(`C${mix([4, a], [2, b])} ${mix([2, a], [4, b])} ${mix([1, a], [4, b], [1, c])}`);
    [a, b] = [b, c];
  }
  return [...parts, `L${point(b)}`].join("");
}

/** Weights of six in all. */
function mix(...parts: readonly (readonly [number, Point])[]): string {
  const sum = (axis: "x" | "y"): number => parts.reduce((total, [weight, at]) => total + weight * at[axis], 0) / 6;
  return point({ x: sum("x"), y: sum("y") });
}

function point({ x, y }: Point): string {
  return `${rounded(x)} ${rounded(y)}`;
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}
