import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Locator, Page } from "playwright-core";
import type { HostMessage, PageMessage } from "#core/protocol/parse.js";
import { previewHtml } from "../../../client/src/preview/html.js";
import { launchBrowser } from "../../support/browser.js";
import { BODY_CLASSES, THEMES } from "./themes.js";
import type { ThemeName } from "./themes.js";

const distFolder = fileURLToPath(new URL("../../../dist/webview/", import.meta.url));
const nonce = "testNonce0123456789";

/** The real bundle in a real browser, under the page's real policy; only the extension host is played by the test. */
export interface PreviewPage {
  readonly page: Page;
  /** As the extension host would. */
  send(message: HostMessage): Promise<void>;
  posted(): Promise<readonly PageMessage[]>;
  setTheme(theme: ThemeName): Promise<void>;
  /** Waits until everything that was sent is on the screen. */
  drawn(): Promise<void>;
  settled(): Promise<void>;
  /** The node of a task, by the name that it shows. */
  node(name: string): Locator;
  /** What VS Code's context menu of a task's node goes by, put together as VS Code does. */
  contextOf(name: string): Promise<unknown>;
  /** `name mark` of every node, in the model's order. */
  labels(): Promise<string[]>;
  /** Tags the drawing, so that `isSameDrawing` can tell a patched one from one that was laid out anew. */
  tagDrawing(): Promise<void>;
  isSameDrawing(): Promise<boolean>;
  focusedLabel(): Promise<string | null>;
  /** Closes the page, and throws where its policy refused something. */
  close(): Promise<void>;
}

export interface Harness {
  open(options?: {
    readonly theme?: ThemeName;
    readonly width?: number;
    readonly height?: number;
    /** True: the browser says that it runs on a Mac. */
    readonly mac?: boolean;
  }): Promise<PreviewPage>;
  close(): Promise<void>;
}

export async function startHarness(): Promise<Harness> {
  const server = await serve();
  const { port } = server.address() as AddressInfo;
  const browser = await launchBrowser();
  // One context: its cache keeps the compiled bundle, so that only the first page pays for it.
  const context = await browser.newContext();
  const mac = await browser.newContext({ userAgent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)" });
  for (const each of [context, mac]) await each.addInitScript(playHost);
  return {
    open: async ({ theme = "dark", width = 1000, height = 640, mac: isMac = false } = {}) => {
      const page = await (isMac ? mac : context).newPage();
      await page.setViewportSize({ width, height });
      await page.goto(`http://127.0.0.1:${port}/`);
      const preview = control(page);
      await preview.setTheme(theme);
      return preview;
    },
    close: async () => {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface PlayedHost {
  readonly posted: PageMessage[];
  readonly violations: string[];
}

function control(page: Page): PreviewPage {
  const settled = async (): Promise<void> => {
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  };
  return {
    page,
    settled,
    send: async (message) => {
      await page.evaluate((data) => {
        window.postMessage(data, "*");
      }, message);
    },
    posted: () => page.evaluate(() => (window as unknown as { played: PlayedHost }).played.posted),
    setTheme: async (theme) => {
      await page.evaluate(applyTheme, { variables: variablesOf(theme), bodyClass: BODY_CLASSES[theme] });
      await settled();
    },
    drawn: async () => {
      await page.locator("g.node .card").first().waitFor();
      await settled();
    },
    node: (name) => nodeOf(page, name),
    contextOf: (name) => nodeOf(page, name).evaluate(mergedContext),
    labels: () => page.locator("g.node .line").evaluateAll(textOfLines),
    tagDrawing: () =>
      page.locator(".layer svg").evaluate((svg) => {
        svg.setAttribute("data-tagged", "yes");
      }),
    isSameDrawing: async () => (await page.locator(".layer svg[data-tagged]").count()) === 1,
    focusedLabel: () => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? null),
    close: async () => {
      const violations = await page.evaluate(() => (window as unknown as { played: PlayedHost }).played.violations);
      await page.close();
      if (violations.length > 0) throw new Error(`refused by the page's policy: ${violations.join(", ")}`);
    },
  };
}

function nodeOf(page: Page, name: string): Locator {
  return page.locator("g.node", { has: page.getByText(name, { exact: true }) });
}

/** Runs in the page. */
function mergedContext(node: Element): unknown {
  let context: object = {};
  for (
    let at = node.closest("[data-vscode-context]");
    at;
    at = at.parentElement?.closest("[data-vscode-context]") ?? null
  )
    context = { ...(JSON.parse(at.getAttribute("data-vscode-context") ?? "{}") as object), ...context };
  return context;
}

function variablesOf(theme: ThemeName): Record<string, string> {
  return {
    ...THEMES[theme],
    "--vscode-font-family": "'DejaVu Sans', sans-serif",
    "--vscode-editor-font-family": "'DejaVu Sans Mono', monospace",
  };
}

/** Runs in the page. */
function textOfLines(lines: readonly Element[]): string[] {
  return lines.map((line) =>
    Array.from(line.querySelectorAll(".name, .mark"), (part) => part.textContent)
      .join(" ")
      .trim(),
  );
}

/** Runs in the page, as VS Code's own script does: variables on the root, the theme's kind as a class. */
function applyTheme(theme: { variables: Record<string, string>; bodyClass: string }): void {
  const root = document.documentElement;
  root.removeAttribute("style");
  for (const [name, value] of Object.entries(theme.variables)) root.style.setProperty(name, value);
  document.body.className = theme.bodyClass;
}

/** Runs in the page before its own script. */
function playHost(): void {
  const played: PlayedHost = { posted: [], violations: [] };
  document.addEventListener("securitypolicyviolation", (event) => {
    played.violations.push(
      `${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}:${event.columnNumber}`,
    );
  });
  Object.assign(window, {
    played,
    acquireVsCodeApi: () => ({ postMessage: (message: PageMessage) => played.posted.push(message) }),
  });
}

async function serve(): Promise<Server> {
  const html = previewHtml({ nonce, cspSource: "'self'", scriptUri: "/preview.js", styleUri: "/preview.css" });
  const types: Readonly<Record<string, string>> = { ".js": "text/javascript", ".css": "text/css", ".ttf": "font/ttf" };
  const server = createServer((request, response) => {
    const name = path.basename(request.url ?? "/");
    if (name === "") {
      response.setHeader("content-type", "text/html").end(html);
      return;
    }
    readFile(path.join(distFolder, name)).then(
      (content) => {
        response.setHeader("content-type", types[path.extname(name)] ?? "text/plain");
        response.setHeader("cache-control", "max-age=600").end(content);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}
