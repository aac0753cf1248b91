import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toMermaid } from "#core/model/mermaid.js";
import { HOSTILE_NAMES } from "../webview/support/hostileNames.js";
import { adder, group, mapped, model, task } from "../webview/support/models.js";
import { launchBrowser, noBrowser } from "../support/browser.js";

type Page = Awaited<ReturnType<Awaited<ReturnType<typeof launchBrowser>>["newPage"]>>;

interface Mermaid {
  initialize(options: object): void;
  render(id: string, text: string): Promise<{ svg: string }>;
}

/** The whole of mermaid, with every diagram and directive that a hostile name could reach for, as a reader has it. */
const wholeMermaid = fileURLToPath(new URL("../../node_modules/mermaid/dist/mermaid.min.js", import.meta.url));

describe.skipIf(noBrowser !== null)(`mermaid itself${noBrowser === null ? "" : ` (skipped: ${noBrowser})`}`, () => {
  let browser: Awaited<ReturnType<typeof launchBrowser>>;
  let page: Page;

  beforeAll(async () => {
    browser = await launchBrowser();
    page = await browser.newPage();
    await page.addScriptTag({ path: wholeMermaid });
  });
  afterAll(async () => {
    await browser.close();
  });

  /** Draws the text as a Markdown viewer does; the drawing stays in the page. */
  async function draw(text: string): Promise<void> {
    await page.evaluate(async (source) => {
      const { mermaid } = window as unknown as { mermaid: Mermaid };
      mermaid.initialize({ startOnLoad: false, maxTextSize: 1e6 });
      document.body.innerHTML = (await mermaid.render("drawing", source)).svg;
    }, text);
  }
  const texts = (selector: string): Promise<(string | null)[]> =>
    page.locator(selector).evaluateAll((all) => all.map((each) => each.textContent));

  test("shows tasks with their brackets", async () => {
    await draw(toMermaid(adder()).text);
    expect((await texts("g.node .nodeLabel")).sort()).toEqual(["add [ ]", "numbers", "total"]);
  });

  test("shows every hostile name as it is written, for tasks and groups, and runs nothing", async () => {
    const names = HOSTILE_NAMES;
    const tasks = names.map((name, index) =>
      task(`g${index}.${name}`, { group_id: `g${index}`, certainty: index % 2 === 0 ? "exact" : "maybe" }),
    );
    const groups = names.map((_name, index) => group(`g${index}`));
    await draw(toMermaid(model(tasks, [], { groups })).text);
    expect((await texts("g.node .nodeLabel")).sort()).toEqual([...names].sort());

    const hostileGroups = names.map((name) => group(name));
    const inside = names.map((name, index) => mapped(`t${index}`, [{ type: "unresolved" }], { group_id: name }));
    await draw(toMermaid(model(inside, [], { groups: hostileGroups })).text);
    expect((await texts("g.cluster .nodeLabel")).sort()).toEqual([...names].sort());

    expect(await page.locator("body :is(script, img, iframe, a, [onload], [onerror], [onclick])").count()).toBe(0);
    expect(await page.evaluate(() => "hacked" in window)).toBe(false);
  });
});
