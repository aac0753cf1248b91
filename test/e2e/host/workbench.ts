import { setTimeout as pause } from "node:timers/promises";
import type { Browser, FrameLocator, Locator, Page } from "playwright-core";
import { launchBrowser } from "../../support/browser.js";
import { makeProfile, type Profile } from "./profile.js";
import { saveScreenshot } from "./screenshots.js";
import { installVsix, startServer, type VscodeServer } from "./vscodeServer.js";

export interface WorkbenchOptions {
  /** Folder to open. */
  readonly workspace: string;
  /** Extension to install first. */
  readonly vsix?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** True: the workspace is not trusted until the test says so. */
  readonly restricted?: boolean;
}

const SLOW_MACHINE_MS = 60_000;

/** One VS Code window in a browser, driven as a person would: by what can be seen and pressed. */
export class Workbench {
  private constructor(
    readonly page: Page,
    private readonly browser: Browser,
    private readonly server: VscodeServer,
    private readonly profile: Profile,
  ) {}

  static async open(options: WorkbenchOptions): Promise<Workbench> {
    const restricted = options.restricted ?? false;
    const profile = makeProfile({ ...options.settings, "security.workspace.trust.enabled": restricted });
    if (options.vsix !== undefined) installVsix(profile, options.vsix);
    const server = await startServer(profile, { workspaceTrust: restricted });
    const browser = await launchBrowser();
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    page.setDefaultTimeout(SLOW_MACHINE_MS);
    const workbench = new Workbench(page, browser, server, profile);
    await page.goto(`${server.origin}/?folder=${encodeURIComponent(options.workspace)}`);
    await page.locator(".monaco-workbench .explorer-folders-view .monaco-list-row").first().waitFor();
    return workbench;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    this.profile.remove();
  }

  serverLog(): string {
    return this.server.log();
  }

  /**
   * Opens a file of the workspace's top folder from the explorer and waits for its text. The explorer moves its rows where
   * files come or go, and a click in that moment opens another one.
   */
  async openFile(name: string): Promise<void> {
    const tab = this.page.locator(".tab.active", { hasText: name });
    for (let isOpen = false; !isOpen;) {
      await this.page.locator(".explorer-folders-view .monaco-list-row").getByText(name, { exact: true }).dblclick();
      isOpen = await appears(tab, 10_000);
    }
    await this.page.locator(".editor-group-container.active .view-line").first().waitFor();
  }

  /** Waits until the language server has read the file in the editor: it then has code lenses, in sight or not. */
  async untilRead(): Promise<void> {
    const lens = this.page.locator(".editor-group-container.active .codelens-decoration a", { hasText: "Preview" });
    await lens.first().waitFor({ state: "attached" });
  }

  /** Opens a view container of the activity bar. */
  async openView(title: string): Promise<void> {
    await this.page.locator(".activitybar").getByRole("tab", { name: title }).click();
  }

  /** The side bar's first row that shows `text`. */
  row(text: string): Locator {
    return this.page.locator(".part.sidebar .monaco-list-row", { hasText: text }).first();
  }

  /** Unfolds a row of the side bar where it is not unfolded yet. A click while the view is drawn anew is lost. */
  async unfold(text: string): Promise<void> {
    await this.row(text).waitFor();
    while ((await this.row(text).getAttribute("aria-expanded")) === "false") {
      await this.row(text).click();
      await this.page.waitForTimeout(300);
    }
  }

  /**
   * Unfolds the newest run of a DAG in the view Runs until a row of it shows; the view DAGs above it may have a row of the
   * same name. A run that has just ended is drawn anew, and a click in that moment is lost.
   */
  async unfoldRun(dagId: string, child: string): Promise<void> {
    const row = this.runRow(dagId);
    for (let isShown = false; !isShown;) {
      await row.waitFor();
      if ((await row.getAttribute("aria-expanded")) === "false") await row.click();
      isShown = await this.row(child)
        .waitFor({ timeout: 2000 })
        .then(
          () => true,
          () => false,
        );
    }
  }

  /** The newest run of a DAG in the view Runs. */
  runRow(dagId: string): Locator {
    const rows = this.page.locator(".part.sidebar .monaco-list-row", { hasText: dagId });
    return rows.filter({ hasText: /just now|ago/ }).first();
  }

  /** Chooses an entry of the context menu of a row, or of a node of the graph, of which a picture is taken. */
  async contextMenu(row: Locator, title: string, picture: string): Promise<void> {
    await row.click({ button: "right" });
    await this.choose(title, picture);
  }

  /** Drags the right edge of a part of the window, such as an editor group or the side bar. */
  async widen(part: Locator, by: number): Promise<void> {
    const box = await part.boundingBox();
    if (box === null) throw new Error("The part to widen is not shown.");
    const { x, y } = { x: box.x + box.width, y: box.y + box.height / 2 };
    await this.page.mouse.move(x, y);
    await this.page.mouse.down();
    await this.page.mouse.move(x + by, y, { steps: 5 });
    await this.page.mouse.up();
  }

  /** The entries of the context menu of a row, of which a picture is taken. */
  async menuOf(row: Locator, picture: string): Promise<readonly string[]> {
    await row.click({ button: "right" });
    const entries = this.page.locator(".context-view .action-item .action-label:not(.separator)");
    await entries.first().waitFor();
    await this.screenshot(picture);
    const titles = await entries.allTextContents();
    await this.page.keyboard.press("Escape");
    await entries.first().waitFor({ state: "hidden" });
    return titles;
  }

  /** Chooses an entry of the menu that opens. It takes no click in the moment in which it does. */
  async choose(title: string, picture: string): Promise<void> {
    const entry = this.page.locator(".context-view .action-item", { hasText: title }).first();
    await entry.waitFor();
    await this.screenshot(picture);
    for (let isOpen = true; isOpen;) {
      await entry.click();
      isOpen = await entry.waitFor({ state: "hidden", timeout: 2000 }).then(
        () => false,
        () => true,
      );
    }
  }

  /** A code lens of the editor that is in front. */
  lens(title: string): Locator {
    return this.page.locator(".editor-group-container.active .codelens-decoration a", { hasText: title }).first();
  }

  /** Presses a button of the window's question, of which a picture is taken. */
  async answer(button: string, picture: string): Promise<void> {
    const dialog = this.page.locator(".monaco-dialog-box");
    await dialog.waitFor();
    await this.screenshot(picture);
    await dialog.getByRole("button", { name: button, exact: true }).click();
    await dialog.waitFor({ state: "hidden" });
  }

  /** Runs a command by its title, from the command palette. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press("F1");
    const input = this.page.locator(".quick-input-widget input");
    await input.waitFor();
    await input.fill(`>${title}`);
    await this.quickPick(title);
  }

  /** Chooses the first entry of the open quick pick that shows `text`. */
  async quickPick(text: string): Promise<void> {
    await this.page.locator(".quick-input-list .monaco-list-row", { hasText: text }).first().click();
  }

  squiggles(severity: "error" | "warning" | "info"): Locator {
    return this.page.locator(`.monaco-editor .squiggly-${severity}`);
  }

  /** The Problems view's entries that show `text`, the view being opened where it is not. */
  async problems(text: string | RegExp): Promise<Locator> {
    const panel = this.page.locator(".markers-panel");
    if (!(await panel.isVisible())) await this.page.keyboard.press("Control+Shift+M");
    await panel.waitFor();
    return panel.locator(".monaco-list-row", { hasText: text });
  }

  /** The place of a word in the active editor's text. */
  word(text: string): Locator {
    return this.page.locator(".editor-group-container.active .view-line span > span", { hasText: text });
  }

  /**
   * Moves the mouse over an element of the editor. Playwright's own `hover` scrolls the element into view first, which
   * shifts the editor's lines out from under their margin.
   */
  async pointAt(element: Locator): Promise<void> {
    // The editor replaces a line's elements whenever it draws the line anew: one that was just found may be gone.
    let box = await element.first().boundingBox();
    for (let attempt = 0; box === null && attempt < 50; attempt += 1) {
      await pause(100);
      box = await element.first().boundingBox();
    }
    if (box === null) throw new Error("The element to point at is not shown.");
    await this.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 3 });
  }

  async placeCursor(word: Locator): Promise<void> {
    await this.pointAt(word);
    await this.page.mouse.down();
    await this.page.mouse.up();
  }

  /** Opens the quick fixes at the cursor and applies the one with this title. */
  async quickFix(title: string | RegExp): Promise<void> {
    const entry = this.page.locator(".action-widget .monaco-list-row", { hasText: title });
    // The light bulb is asked for before the diagnostics have arrived: the list is then short, so ask again.
    for (let attempt = 0; attempt < 20; attempt += 1) {
      await this.page.keyboard.press("Control+.");
      if (await appears(entry.first(), 1500)) break;
      await this.page.keyboard.press("Escape");
      await pause(300);
    }
    await entry.first().click();
  }

  /** Hovers over a word of the active editor and waits for a hover that shows `shows`. */
  async hover(word: Locator, shows: string | RegExp): Promise<Locator> {
    const shown = this.page.locator(".monaco-hover:visible", { hasText: shows }).first();
    for (let attempt = 0; attempt < 20; attempt += 1) {
      await this.page.mouse.move(2, 2);
      await this.pointAt(word);
      if (await appears(shown, 2000)) return shown;
    }
    await shown.waitFor();
    return shown;
  }

  /** The whole text of the active editor's visible lines, as shown. */
  async visibleText(): Promise<string> {
    const lines = this.page.locator(".editor-group-container.active .view-line");
    const texts = await lines.evaluateAll((elements) =>
      elements
        .map((element) => ({ top: element.getBoundingClientRect().top, text: element.textContent }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text.replaceAll("\u00a0", " ")),
    );
    return texts.join("\n");
  }

  /** The page inside the only webview that is open. */
  webview(): FrameLocator {
    return this.page.frameLocator("iframe.webview").frameLocator("iframe");
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator(".notification-toast", { hasText: text });
  }

  /** Writes a picture of the window as it is; `$FANOUT_SCREENSHOTS` says where to. */
  async screenshot(name: string): Promise<void> {
    await saveScreenshot(this.page, name);
  }

  /** Chooses a color theme by its shown name. */
  async theme(name: string): Promise<void> {
    await this.command("Preferences: Color Theme");
    await this.page.locator(".quick-input-widget input").fill(name);
    await this.quickPick(name);
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  }

  async trustWorkspace(): Promise<void> {
    await this.restrictedBanner().getByText("Manage").click();
    const editor = this.page.locator(".workspace-trust-editor");
    await editor.getByRole("button", { name: "Trust", exact: true }).first().click();
    await this.restrictedBanner().waitFor({ state: "hidden" });
    // The trust editor is a modal overlay over everything that a test wants to press.
    await this.page.locator(".monaco-modal-editor-block").getByRole("button", { name: /close/i }).first().click();
    await editor.waitFor({ state: "detached" });
  }

  restrictedBanner(): Locator {
    return this.page.locator(".part.banner", { hasText: "Restricted Mode" });
  }
}

async function appears(locator: Locator, timeout: number): Promise<boolean> {
  return locator.waitFor({ timeout }).then(
    () => true,
    () => false,
  );
}
