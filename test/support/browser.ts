import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Path of a Chromium on this machine; `$CHROMIUM` goes before the usual places. */
function findBrowser(): string | null {
  const given = process.env["CHROMIUM"];
  return [...(given === undefined ? [] : [given]), ...PLACES].find((place) => existsSync(place)) ?? null;
}

/** Null where a page can be tried out; else why not, to be said by the skipped test. */
export const noBrowser: string | null =
  findBrowser() === null ? "there is no Chromium: install it, or name one in CHROMIUM" : null;

/** @returns why there is no browser on this machine, or null where there is one */
export function installBrowser(): string | null {
  if (findBrowser() !== null) return null;
  const advice = "install Chromium, or name one in CHROMIUM";
  if (process.getuid?.() !== 0) return `there is no Chromium and installing one needs root; ${advice}`;
  if (!existsSync("/usr/bin/apt-get")) return `there is no Chromium and no apt-get to install it with; ${advice}`;
  console.log("Installing Chromium from Debian (once)…");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const args of [
    ["update", "-q"],
    ["install", "-qy", "--no-install-recommends", "chromium", "fonts-dejavu-core"],
  ]) {
    const { status } = spawnSync("apt-get", args, { env, stdio: ["ignore", "ignore", "inherit"] });
    if (status !== 0) return `apt-get ${args[0] ?? ""} failed; ${advice}`;
  }
  return findBrowser() === null ? `apt-get installed no Chromium where it is looked for; ${advice}` : null;
}

/** A headless Chromium that resolves no name but this machine's. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === null) throw new Error("There is no Chromium on this machine.");
  return chromium.launch({
    executablePath,
    headless: true,
    // The caller ends the browser; Playwright's own handlers would close it and leave this process waiting.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
