import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "playwright-core";

/** `$FANOUT_SCREENSHOTS`, else nowhere lasting: pictures of a run that nobody looks at are not kept. */
export async function saveScreenshot(page: Page, name: string): Promise<void> {
  const folder = process.env["FANOUT_SCREENSHOTS"];
  if (folder === undefined) {
    await page.screenshot();
    return;
  }
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}

/** Where the picture of a failed test goes: a temp folder, named in the test's message. */
export async function saveFailure(page: Page, name: string): Promise<string> {
  const folder = process.env["FANOUT_SCREENSHOTS"] ?? path.join(tmpdir(), "fanout-failures");
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `failed-${name.replaceAll(/\W+/g, "-")}.png`);
  await page.screenshot({ path: file });
  return file;
}
