import path from "node:path";

/** Mermaid's chunks that the graph needs, by the beginning of their file names. */
const neededChunks = ["chunk-", "flowDiagram-", "dagre-", "elk-"];

const emptyDiagram = `
  export const diagram = null;
  export const id = "none";
  export const render = null;
  export const bpmnIcons = null;
  export const captureNodeSizes = () => {};
  export default null;
`;

/**
 * Leaves every diagram type of mermaid but the flowchart out of a bundle: less than half the size. It goes by chunk
 * names, which is why mermaid's version is pinned and the bundle's content is checked.
 * @returns {import("esbuild").Plugin}
 */
export function onlyFlowcharts() {
  return {
    name: "only-flowcharts",
    setup(build) {
      build.onLoad({ filter: /mermaid[\\/]dist[\\/]chunks[\\/]mermaid\.core[\\/].*\.mjs$/ }, ({ path: file }) => {
        const needed = neededChunks.some((chunk) => path.basename(file).startsWith(chunk));
        return needed ? undefined : { contents: emptyDiagram, loader: "js" };
      });
      build.onResolve({ filter: /^katex$/ }, () => ({ path: "katex", namespace: "only-flowcharts" }));
      build.onLoad({ filter: /.*/, namespace: "only-flowcharts" }, () => ({
        contents: "export default { renderToString: (text) => text };",
        loader: "js",
      }));
    },
  };
}
