import * as library from "@dagrejs/dagre";

/** What is used of dagre: its own declarations cannot be resolved by the rules of Node. */
export interface Layout {
  setGraph(options: { rankdir: "LR"; nodesep: number; ranksep: number }): void;
  setDefaultEdgeLabel(make: () => object): void;
  setNode(name: string, size: Size): void;
  setParent(name: string, parent: string): void;
  setEdge(from: string, to: string): void;
  edges(): readonly object[];
  /** After the layout, with the middle of the node. */
  node(name: string): Size & Point;
  /** After the layout. */
  edge(edge: object): { readonly points: readonly Point[] };
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Dagre {
  readonly Graph: new (options: { compound: boolean }) => Layout;
  readonly layout: (graph: Layout) => void;
}

const dagre = library as unknown as Dagre;

/** An empty graph whose nodes may lie in other nodes. */
export function emptyLayout(): Layout {
  return new dagre.Graph({ compound: true });
}

/** Gives every node and edge its place. */
export function arrange(layout: Layout): void {
  dagre.layout(layout);
}
