import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { Handlers } from "#core/protocol/descriptor.js";
import { parsePageMessage } from "#core/protocol/parse.js";
import type { HostMessage, PageMessage } from "#core/protocol/parse.js";
import type { pageToHost } from "#core/protocol/preview.js";
import { PREVIEW_VIEW_TYPE } from "../contributions.js";
import { previewHtml } from "./html.js";

export type PageHandlers = Handlers<typeof pageToHost>;

export interface PanelOptions {
  /** The extension's folder. */
  readonly root: vscode.Uri;
  readonly handlers: PageHandlers;
  readonly becameVisible: (visible: boolean) => void;
  readonly closed: () => void;
  readonly log: vscode.LogOutputChannel;
}

/** The panel beside the code: its page, its messages, its life. What it shows is the session's business. */
export class PreviewPanel {
  private constructor(private readonly panel: vscode.WebviewPanel) {}

  static open(title: string, options: PanelOptions): PreviewPanel {
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const panel = vscode.window.createWebviewPanel(PREVIEW_VIEW_TYPE, title, column, {
      enableFindWidget: false,
      retainContextWhenHidden: true, // drawing a large graph again takes a second
    });
    return PreviewPanel.adopt(panel, options);
  }

  /** Takes over a panel that VS Code restored. */
  static adopt(panel: vscode.WebviewPanel, options: PanelOptions): PreviewPanel {
    const { root, handlers, log } = options;
    const page = vscode.Uri.joinPath(root, "dist", "webview");
    panel.iconPath = vscode.Uri.joinPath(root, "media", "graph.svg");
    panel.webview.options = { enableScripts: true, localResourceRoots: [page] };
    panel.webview.onDidReceiveMessage((value: unknown) => {
      const message = parsePageMessage(value);
      if (message === null) log.warn(`The preview's page sent something that is not understood.`);
      else dispatch(message, handlers);
    });
    panel.onDidChangeViewState(() => {
      options.becameVisible(panel.visible);
    });
    panel.onDidDispose(options.closed);
    panel.webview.html = previewHtml({
      nonce: randomBytes(16).toString("base64url"),
      cspSource: panel.webview.cspSource,
      scriptUri: panel.webview.asWebviewUri(vscode.Uri.joinPath(page, "preview.js")).toString(),
      styleUri: panel.webview.asWebviewUri(vscode.Uri.joinPath(page, "preview.css")).toString(),
    });
    return new PreviewPanel(panel);
  }

  get visible(): boolean {
    return this.panel.visible;
  }

  get active(): boolean {
    return this.panel.active;
  }

  setTitle(title: string): void {
    if (this.panel.title !== title) this.panel.title = title;
  }

  post(message: HostMessage): void {
    void this.panel.webview.postMessage(message);
  }

  reveal(): void {
    this.panel.reveal(undefined, true);
  }

  dispose(): void {
    this.panel.dispose();
  }
}

function dispatch(message: PageMessage, handlers: PageHandlers): void {
  switch (message.method) {
    case "ready":
    case "resync":
    case "run":
    case "cancel":
      handlers[message.method](null);
      return;
    case "revealTask":
      handlers.revealTask(message.params);
      return;
    case "chooseDag":
      handlers.chooseDag(message.params);
      return;
    case "openLog":
      handlers.openLog(message.params);
  }
}
