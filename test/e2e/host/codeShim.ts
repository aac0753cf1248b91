#!/usr/bin/env -S node --import tsx
/**
 * Speaks the part of the desktop's `code` command line that @vscode/test-electron uses, and runs the suite in the VS Code
 * server and a headless Chromium. Exits with the suite's code.
 */
import { statSync } from "node:fs";
import path from "node:path";
import { format, parseArgs, stripVTControlCharacters } from "node:util";
import type { Page } from "playwright-core";
import { launchBrowser } from "../../support/browser.js";
import { VSCODE_VERSION } from "./installHost.js";
import { makeProfile } from "./profile.js";
import { startServer } from "./vscodeServer.js";

const SUITE_TIMEOUT_MS = 300_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: {
    extensionDevelopmentPath: { type: "string", multiple: true },
    extensionTestsPath: { type: "string" },
    version: { type: "boolean" },
  },
});

if (values.version === true) console.log(VSCODE_VERSION);
else process.exitCode = await runSuite();

async function runSuite(): Promise<number> {
  const profile = makeProfile();
  const server = await startServer(profile, { suiteDriver: true, env: { ...process.env, EXTENSIONS_GALLERY: "{}" } });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const ended = suiteEnd(page);
    await page.exposeFunction("codeAutomationLog", printed);
    await page.goto(`${server.origin}/?${workbenchQuery().toString()}`);
    return await ended;
  } finally {
    await browser.close();
    await server.stop();
    profile.remove();
  }
}

/** The workbench calls back with the suite's exit code; a page that is gone never will. */
async function suiteEnd(page: Page): Promise<number> {
  return new Promise((resolve, reject) => {
    page.exposeFunction("codeAutomationExit", resolve).catch(reject);
    page.on("crash", () => {
      reject(new Error("The page of the workbench crashed."));
    });
    setTimeout(() => {
      reject(new Error("The suite did not end in time."));
    }, SUITE_TIMEOUT_MS).unref();
  });
}

/** Only the suite's own lines: the workbench's console is long and says nothing about the extension. */
function printed(_type: string, args: unknown[]): void {
  const text = stripVTControlCharacters(format(...args));
  if (
    process.env["FANOUT_E2E_VERBOSE"] !== undefined ||
    /^\s*(✔|✓|\d+\)|\d+ (passing|failing|pending)|suite:)/m.test(text)
  ) {
    console.log(text);
  }
}

function workbenchQuery(): URLSearchParams {
  const developed = values.extensionDevelopmentPath ?? [];
  const payload = [
    ...developed.map((folder) => ["extensionDevelopmentPath", remoteUri(String(folder))]),
    ["extensionTestsPath", remoteUri(String(values.extensionTestsPath))],
    ["skipWelcome", "true"],
  ];
  const query = new URLSearchParams({ payload: JSON.stringify(payload) });
  const workspace = positionals[0];
  if (workspace === undefined) query.set("ew", "true");
  else query.set(statSync(workspace).isDirectory() ? "folder" : "workspace", path.resolve(workspace));
  return query;
}

function remoteUri(file: string): string {
  return `vscode-remote://remote${path.resolve(file)}`;
}
