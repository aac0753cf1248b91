import { describe, expect, it } from "vitest";
import { contentSecurityPolicy, previewHtml } from "../../client/src/preview/html.js";

const shell = {
  nonce: "abc123",
  cspSource: "https://*.vscode-cdn.net",
  scriptUri: "https://page/preview.js",
  styleUri: "https://page/preview.css",
};

function directives(): ReadonlyMap<string, readonly string[]> {
  const parts = contentSecurityPolicy(shell).split("; ");
  return new Map(parts.map((part) => [part.split(" ")[0] ?? "", part.split(" ").slice(1)]));
}

describe("the page's policy", () => {
  it("starts from nothing and runs scripts by nonce only", () => {
    expect(directives().get("default-src")).toEqual(["'none'"]);
    expect(directives().get("script-src")).toEqual(["'nonce-abc123'"]);
    expect(contentSecurityPolicy(shell)).not.toContain("unsafe-eval");
  });

  it("lets only style attributes be inline, and the layout worker start", () => {
    const inline = [...directives()].filter(([, sources]) => sources.includes("'unsafe-inline'"));
    expect(inline.map(([name]) => name)).toEqual(["style-src-attr"]);
    expect(directives().get("worker-src")).toEqual(["blob:"]);
  });

  it("names no host but the webview's own", () => {
    const hosts = [...directives().values()].flat().filter((source) => source.includes("://"));
    expect(new Set(hosts)).toEqual(new Set([shell.cspSource]));
  });
});

describe("the page's shell", () => {
  it("has one script, with the nonce, and nothing inline", () => {
    const scripts = previewHtml(shell).match(/<script[^>]*>[^<]*<\/script>/g) ?? [];
    expect(scripts).toEqual(['<script nonce="abc123" src="https://page/preview.js"></script>']);
  });

  it("escapes what it is given", () => {
    const html = previewHtml({ ...shell, styleUri: 'https://page/"><script>' });
    expect(html).not.toContain('"><script>');
  });
});
