import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";

interface Metafile {
  readonly outputs: Readonly<Record<string, { readonly inputs: Readonly<Record<string, { bytesInOutput: number }>> }>>;
}

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
const metafile = JSON.parse(readFileSync(path.join(dist, "meta/preview.json"), "utf8")) as Metafile;
const inputs = metafile.outputs["dist/webview/preview.js"]?.inputs ?? {};

/** Bytes of the bundle that come from files whose path matches. */
function bytesFrom(pattern: RegExp): number {
  return Object.entries(inputs)
    .filter(([file]) => pattern.test(file))
    .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
}

describe("the page's bundle", () => {
  test("has the flowchart and its layouts, and no other diagram of mermaid", () => {
    expect(bytesFrom(/mermaid\.core\/flowDiagram-/)).toBeGreaterThan(0);
    expect(bytesFrom(/mermaid\.core\/elk-/)).toBeGreaterThan(10_000);
    expect(bytesFrom(/node_modules\/elkjs\//)).toBeGreaterThan(1_000_000);
    const others = Object.entries(inputs).filter(
      ([file, { bytesInOutput }]) =>
        /mermaid\.core\/(?!chunk-|flowDiagram-|dagre-|elk-)/.test(file) && bytesInOutput > 400,
    );
    expect(others.map(([file]) => file)).toEqual([]);
    expect(bytesFrom(/node_modules\/katex\//)).toBe(0);
  });

  test("has no framework beside the toolkit", () => {
    expect(bytesFrom(/node_modules\/(react|react-dom|preact|vue)\//)).toBe(0);
    expect(bytesFrom(/node_modules\/@vscode\/webview-ui-toolkit\//)).toBeGreaterThan(0);
    expect(Object.keys(inputs).filter((file) => /^(client|server|runtime|test)\//.test(file))).toEqual([]);
  });

  test("stays under 2.9 MB, 800 KB as it is packed", () => {
    const content = readFileSync(path.join(dist, "webview/preview.js"));
    expect(content.byteLength).toBeLessThan(2_900_000);
    expect(gzipSync(content).byteLength).toBeLessThan(800_000);
  });

  test("its style sheet names only files beside it", () => {
    const css = readFileSync(path.join(dist, "webview/preview.css"), "utf8");
    expect([...css.matchAll(/url\("?([^")]*)/g)].map(([, target]) => target)).toEqual(["./codicon.ttf"]);
    expect(readFileSync(path.join(dist, "webview/codicon.ttf")).byteLength).toBeGreaterThan(50_000);
  });

  test("its style sheet has no colours of its own", () => {
    const sources = ["preview.css", "chrome.css", "graph.css"].map((name) =>
      readFileSync(fileURLToPath(new URL(`../../webview/src/${name}`, import.meta.url)), "utf8"),
    );
    expect(sources.join("\n")).not.toMatch(/#[0-9a-f]{3,8}\b(?!\s*\{)|\b(rgba?|hsla?)\(/i);
  });
});
