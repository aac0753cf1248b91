import mermaid from "mermaid";
import type { MermaidGraph } from "#core/model/mermaid.js";
import type { Box, Size } from "./viewport.js";

export interface DrawnNode {
  readonly task_id: string;
  readonly element: SVGGElement;
  readonly box: SVGRectElement;
  readonly content: SVGForeignObjectElement;
  /** In the drawing's own coordinates. */
  readonly place: Box;
}

interface DrawnEdge {
  readonly from: string;
  readonly to: string;
  readonly path: SVGPathElement;
}

interface DrawnGroup {
  readonly group_id: string;
  readonly element: SVGGElement;
}

export interface Drawing {
  readonly svg: SVGSVGElement;
  readonly size: Size;
  /** By task id, in the model's order. */
  readonly nodes: ReadonlyMap<string, DrawnNode>;
  readonly edges: readonly DrawnEdge[];
  readonly groups: readonly DrawnGroup[];
}

export interface Renderer {
  /** Lays a graph out. The result is not in the document yet. Rejects with mermaid's own error. */
  draw(graph: MermaidGraph): Promise<Drawing>;
}

/**
 * Mermaid lays out and nothing more: labels, colours and states are ours, so that a change of theme or state never
 * needs a second layout.
 */
export function createRenderer(measuringRoom: HTMLElement): Renderer {
  configure(getComputedStyle(document.body).fontFamily);
  let drawn = 0;
  return {
    draw: async (graph) => {
      drawn += 1;
      try {
        const { svg } = await mermaid.render(`fanout-graph-${drawn}`, graph.text, measuringRoom);
        return readDrawing(svg, graph);
      } finally {
        measuringRoom.replaceChildren();
      }
    },
  };
}

function configure(fontFamily: string): void {
  mermaid.initialize({
    startOnLoad: false,
    suppressErrorRendering: true,
    securityLevel: "strict",
    layout: "elk",
    htmlLabels: true,
    // The two limits can be set only here. Above them mermaid throws, or draws an error picture without throwing.
    maxEdges: 5000,
    maxTextSize: 2_000_000,
    deterministicIds: true,
    theme: "base",
    fontFamily,
    themeVariables: { fontSize: "13px", fontFamily },
    // `theme` and `look` again: flowchart's own defaults would win.
    flowchart: {
      theme: "base",
      look: "classic",
      useMaxWidth: false,
      wrappingWidth: 600,
      minNodeWidth: 130,
      padding: 18,
      nodeSpacing: 34,
      rankSpacing: 56,
      curve: "basis",
    },
    elk: { mergeEdges: false, considerModelOrder: "NODES_AND_EDGES" },
  });
}

function readDrawing(text: string, graph: MermaidGraph): Drawing {
  const svg = parseSvg(text);
  const { x, y, width, height } = svg.viewBox.baseVal;
  svg.setAttribute("width", String(width));
  svg.setAttribute("height", String(height));
  svg.removeAttribute("style");
  svg.removeAttribute("aria-roledescription");
  return {
    svg,
    size: { width, height },
    nodes: new Map(readNodes(svg, graph, { x, y }).map((node) => [node.task_id, node])),
    edges: readEdges(svg, graph),
    groups: readGroups(svg, graph),
  };
}

/**
 * Without mermaid's style element: only our style sheet, made of VS Code's variables, decides how things look. It goes
 * before the text is parsed, because a parser applies the page's policy too. Text in labels has no `<` of its own here.
 */
function parseSvg(text: string): SVGSVGElement {
  const withoutStyle = text.replace(/<style[^>]*>[^<]*<\/style>/g, "");
  const parsed = new DOMParser().parseFromString(withoutStyle, "text/html").querySelector("svg");
  if (parsed === null) throw new Error("mermaid returned no drawing");
  return document.importNode(parsed, true);
}

function readNodes(svg: SVGSVGElement, graph: MermaidGraph, origin: { x: number; y: number }): DrawnNode[] {
  const found: { index: number; node: DrawnNode }[] = [];
  for (const element of svg.querySelectorAll<SVGGElement>("g.node")) {
    const index = numberIn(/-flowchart-n(\d+)-\d+$/, element.id);
    const task_id = index === null ? undefined : graph.taskIds[index];
    const box = element.querySelector<SVGRectElement>("rect.label-container");
    const content = element.querySelector<SVGForeignObjectElement>("foreignObject");
    const centre = element.transform.baseVal.consolidate()?.matrix;
    if (index === null || task_id === undefined || box === null || content === null || centre === undefined) continue;
    const [width, height] = [box.width.baseVal.value, box.height.baseVal.value];
    const place = { x: centre.e - width / 2 - origin.x, y: centre.f - height / 2 - origin.y, width, height };
    found.push({ index, node: { task_id, element, box, content, place } });
  }
  return found.sort((a, b) => a.index - b.index).map(({ node }) => node);
}

function readEdges(svg: SVGSVGElement, graph: MermaidGraph): DrawnEdge[] {
  return [...svg.querySelectorAll<SVGPathElement>("path.flowchart-link")].flatMap((path) => {
    const [, from, to] = /^L_n(\d+)_n(\d+)_/.exec(path.dataset["id"] ?? "") ?? [];
    const ends = [graph.taskIds[Number(from)], graph.taskIds[Number(to)]];
    const [source, target] = ends;
    return source === undefined || target === undefined ? [] : [{ from: source, to: target, path }];
  });
}

function readGroups(svg: SVGSVGElement, graph: MermaidGraph): DrawnGroup[] {
  return [...svg.querySelectorAll<SVGGElement>("g.cluster")].flatMap((element) => {
    const index = numberIn(/g(\d+)$/, element.id);
    const group_id = index === null ? undefined : graph.groupIds[index];
    labelAtCorner(element);
    return group_id === undefined ? [] : [{ group_id, element }];
  });
}

/** In the middle of the upper edge, where mermaid puts it, edges from above run through a group's name. */
function labelAtCorner(group: SVGGElement): void {
  const frame = group.querySelector("rect");
  const label = group.querySelector(".cluster-label");
  if (frame === null || label === null) return;
  const { x, y } = { x: frame.x.baseVal.value, y: frame.y.baseVal.value };
  label.setAttribute("transform", `translate(${x + 12}, ${y + 4})`);
}

function numberIn(pattern: RegExp, text: string): number | null {
  const digits = pattern.exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}
