import {
  type CodeAction,
  type CodeActionParams,
  type CodeLens,
  type DocumentSymbol,
  type Hover,
  type InlayHint,
  MarkupKind,
  type Position,
  SymbolKind,
  type WorkspaceSymbol,
} from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { FileModels, WorkspaceDags } from "#core/protocol/lsp.js";
import type { FileFacts } from "./analysis/facts.js";
import { pathOfUri, toCodeAction, toLocation, toPosition, toRange } from "./convert.js";
import type { OpenFile } from "./diagnosticsLoop.js";
import { codeActions } from "./features/codeActions.js";
import { codeLens } from "./features/codeLens.js";
import { documentSymbols, type OutlineEntry } from "./features/documentSymbols.js";
import { type ExactGraphs, withReadSpans } from "./features/exactGraphs.js";
import { explain, explainForeignFile } from "./features/explain.js";
import { hover } from "./features/hover.js";
import { inlayHints } from "./features/inlayHints.js";
import { workspaceSymbols } from "./features/workspaceSymbols.js";
import type { LastGoodModels } from "./features/lastGoodModels.js";
import { rules } from "./rules/index.js";
import { type Finding, runRules } from "./rules/runRules.js";
import type { RuleSettings } from "./ruleSettings.js";
import type { SettingsStore } from "./settings.js";
import type { Workspace } from "./workspace/workspace.js";
import type { WorkspaceListings } from "./workspaceListings.js";

export interface SessionParts {
  readonly workspace: Workspace;
  readonly settings: SettingsStore;
  readonly ruleSettings: (file: OpenFile) => Promise<RuleSettings>;
  readonly models: LastGoodModels;
  readonly exact: ExactGraphs;
  readonly listings: WorkspaceListings;
  readonly isDagFile: (fileName: string) => boolean;
  readonly document: (uri: string) => TextDocument | undefined;
  readonly known: (file: OpenFile) => readonly Finding[] | undefined;
}

/** Answers requests in the protocol's terms: looks up the document, asks a feature, converts what it says. */
export class Session {
  constructor(private readonly parts: SessionParts) {}

  async codeActions(params: CodeActionParams): Promise<CodeAction[]> {
    const { textDocument, range, context } = params;
    const document = this.parts.document(textDocument.uri);
    const wanted = context.only === undefined || context.only.some((kind) => kind === "" || kind === "quickfix");
    const file = document && openFileOf(document);
    if (document === undefined || file === undefined || !wanted || !this.parts.isDagFile(file.fileName)) return [];
    const findings = this.parts.known(file) ?? (await this.find(file));
    const lines = { first: range.start.line + 1, last: range.end.line + 1 };
    return codeActions(file.text, findings, lines).map((fix) => toCodeAction(fix, document, context.diagnostics));
  }

  hover(uri: string, position: Position): Hover | null {
    const document = this.parts.document(uri);
    const facts = this.facts(uri);
    if (document === undefined || facts === undefined) return null;
    const types = this.parts.workspace.typeQueries(facts.fileName);
    const markdown = types.within(() => hover(facts, document.offsetAt(position), types));
    return markdown === undefined ? null : { contents: { kind: MarkupKind.Markdown, value: markdown } };
  }

  async codeLenses(uri: string): Promise<CodeLens[]> {
    const { codeLens: isOn } = await this.parts.settings.get(uri);
    const facts = isOn ? this.facts(uri) : undefined;
    if (facts === undefined) return [];
    return codeLens(facts, uri).map(({ span, title, command, target }) => ({
      range: toRange(span),
      command: { title, command, arguments: [target] },
    }));
  }

  async inlayHints(uri: string): Promise<InlayHint[]> {
    const { inlayHints: isOn } = await this.parts.settings.get(uri);
    const facts = isOn ? this.facts(uri) : undefined;
    if (facts === undefined) return [];
    return inlayHints(facts).map(({ at, label }) => ({ position: toPosition(at), label, paddingLeft: true }));
  }

  documentSymbols(uri: string): DocumentSymbol[] {
    const facts = this.facts(uri);
    return facts === undefined ? [] : documentSymbols(facts).map(toSymbol);
  }

  dagModels(uri: string): FileModels {
    const facts = this.facts(uri);
    const version = this.parts.document(uri)?.version ?? null;
    if (facts === undefined) return { uri, version, dags: [], broken: false, exact: null };
    const read = this.parts.models.get(facts);
    const exact = this.parts.exact.get(facts.fileName);
    if (exact?.ok !== true) return { uri, version, ...read, exact: exact ?? null };
    return { uri, version, ...read, exact: { ok: true, value: withReadSpans(exact.value, read.dags) } };
  }

  workspaceSymbols(query: string): WorkspaceSymbol[] {
    return workspaceSymbols(this.parts.listings.all, query).map(({ name, kind, container, span }) => ({
      name,
      kind: symbolKinds[kind],
      containerName: container,
      location: toLocation(span),
    }));
  }

  listDags(): WorkspaceDags {
    return this.parts.listings.list();
  }

  explain(uri: string): { markdown: string } {
    const facts = this.facts(uri);
    if (facts === undefined) return { markdown: explainForeignFile(pathOfUri(uri) ?? uri) };
    return { markdown: explain(facts, this.parts.exact.get(facts.fileName)) };
  }

  /** Undefined where the document is no file or has nothing to do with fanout. */
  private facts(uri: string): FileFacts | undefined {
    const fileName = pathOfUri(uri);
    if (fileName === undefined || !this.parts.isDagFile(fileName)) return undefined;
    // A closed file is looked at once: the programs of the open ones need not carry it from then on.
    const isOpen = this.parts.document(uri) !== undefined;
    const { workspace } = this.parts;
    return (isOpen ? workspace : workspace.fork()).analyze(fileName);
  }

  private async find(file: OpenFile): Promise<readonly Finding[]> {
    const settings = await this.parts.ruleSettings(file);
    const facts = this.parts.workspace.analyze(file.fileName);
    return runRules(facts, { rules, types: this.parts.workspace.typeQueries(file.fileName), ...settings });
  }
}

/** Undefined for a document that is no file (unsaved, in a comparison, …). */
export function openFileOf(document: TextDocument): OpenFile | undefined {
  const fileName = pathOfUri(document.uri);
  if (fileName === undefined) return undefined;
  return { uri: document.uri, fileName, version: document.version, text: document.getText() };
}

const symbolKinds = { dag: SymbolKind.Module, group: SymbolKind.Namespace, task: SymbolKind.Function } as const;

function toSymbol(entry: OutlineEntry): DocumentSymbol {
  const range = toRange(entry.span);
  return {
    name: entry.name,
    detail: entry.detail,
    kind: symbolKinds[entry.kind],
    range,
    selectionRange: { start: range.start, end: range.start },
    children: entry.children.map(toSymbol),
  };
}
