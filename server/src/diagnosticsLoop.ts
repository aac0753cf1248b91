import { setImmediate as nextTurn } from "node:timers/promises";
import type { FileFacts } from "./analysis/facts.js";
import { carryOver } from "./features/carryOver.js";
import { type Finding, runRules } from "./rules/runRules.js";
import { rules } from "./rules/index.js";
import type { RuleSettings } from "./ruleSettings.js";
import type { Cancellation, Workspace } from "./workspace/workspace.js";

/** A document that the client has open. */
export interface OpenFile {
  readonly uri: string;
  readonly fileName: string;
  readonly version: number;
  readonly text: string;
}

export interface DiagnosticsHost {
  /** Ends what begins now in the middle, should an edit be on its way. */
  readonly watch: { begin(): Cancellation };
  readonly workspace: Workspace;
  isDagFile(fileName: string): boolean;
  openFile(fileName: string): OpenFile | undefined;
  ruleSettings(file: OpenFile): Promise<RuleSettings>;
  /** Phase 1 read the file; its models may have changed. */
  analysed(file: OpenFile, facts: FileFacts): void;
  /** `severities`: what the rules were asked with. */
  publish(file: OpenFile, findings: readonly Finding[], severities: RuleSettings["severities"]): void;
  failed(what: string, error: unknown): void;
}

interface Checked {
  readonly version: number;
  readonly text: string;
  readonly findings: readonly Finding[];
  readonly severities: RuleSettings["severities"];
  /** False between the phases: findings of phase 2 are then those of an earlier text. */
  readonly complete: boolean;
}

/** How long nothing may change before the type checker is asked, in milliseconds. */
const quietTime = 200;

/**
 * Pushes diagnostics while somebody types: without types at once, with types when nothing changed for a moment.
 * Whatever changes meanwhile ends the run, and what it had not reached is checked with the change.
 */
export class DiagnosticsLoop {
  private readonly waitingForSyntax = new Set<string>();
  private readonly waitingForTypes = new Set<string>();
  private readonly checked = new Map<string, Checked>();
  private readonly timers: { syntax?: NodeJS.Immediate | undefined; types?: NodeJS.Timeout | undefined } = {};
  private generation = 0;
  /** Files that are being checked: settings may have to be asked for on the way. */
  private underWay = 0;

  constructor(private readonly host: DiagnosticsHost) {}

  /** The files' own text, or something that they depend on, changed. */
  changed(fileNames: Iterable<string>): void {
    this.generation++;
    for (const fileName of fileNames) this.waitingForSyntax.add(fileName);
    this.start();
  }

  private start(): void {
    clearTimeout(this.timers.types);
    this.timers.syntax ??= setImmediate(() => {
      this.timers.syntax = undefined;
      void this.runBothPhases();
    });
  }

  /** True where something of the file is on show. */
  closed(fileName: string): boolean {
    this.waitingForSyntax.delete(fileName);
    this.waitingForTypes.delete(fileName);
    return this.checked.delete(fileName);
  }

  /** What was found in this version of the file by all phases; undefined where that is not known yet. */
  completeFindings(file: OpenFile): readonly Finding[] | undefined {
    const checked = this.checked.get(file.fileName);
    return checked?.complete === true && checked.version === file.version ? checked.findings : undefined;
  }

  /** Something else is to be shown beside what was found. */
  publishAgain(file: OpenFile): void {
    const checked = this.checked.get(file.fileName);
    if (checked?.version === file.version) this.host.publish(file, checked.findings, checked.severities);
  }

  /** True while something was not checked by all phases yet. */
  get isBusy(): boolean {
    return this.underWay > 0 || this.waitingForSyntax.size > 0 || this.waitingForTypes.size > 0;
  }

  dispose(): void {
    this.generation++;
    clearImmediate(this.timers.syntax);
    clearTimeout(this.timers.types);
  }

  private async runBothPhases(): Promise<void> {
    const { generation } = this;
    await this.run(this.waitingForSyntax, (file) => this.checkSyntax(file));
    if (generation !== this.generation) return;
    const checkTypes = (): void => void this.run(this.waitingForTypes, (file) => this.checkTypes(file));
    this.timers.types = setTimeout(checkTypes, quietTime);
  }

  private async run(waiting: Set<string>, check: (file: OpenFile) => Promise<void>): Promise<void> {
    const { generation } = this;
    for (const fileName of waiting) {
      // Lets requests and further changes in between two files.
      await nextTurn();
      if (generation !== this.generation) return;
      waiting.delete(fileName);
      const file = this.host.openFile(fileName);
      if (file === undefined) continue;
      this.underWay++;
      await check(file).catch((error: unknown) => {
        this.host.failed(`check ${fileName}`, error);
      });
      this.underWay--;
    }
  }

  private async checkSyntax(file: OpenFile): Promise<void> {
    const { workspace } = this.host;
    if (!this.host.isDagFile(file.fileName)) {
      this.clear(file);
      return;
    }
    const settings = await this.host.ruleSettings(file);
    if (this.isStale(file)) return;
    const cancellation = this.host.watch.begin();
    const facts = workspace.analyze(file.fileName, cancellation);
    const findings = runRules(facts, { rules, cancellation, ...settings });
    if (cancellation.isCancellationRequested) {
      this.putOff(file, this.waitingForSyntax);
      return;
    }
    const before = this.checked.get(file.fileName);
    const fromTypes = before?.findings.filter((finding) => finding.phase === 2) ?? [];
    const carried = carryOver(fromTypes, before?.text ?? "", file.text);
    this.finish(file, [...findings, ...carried], { ...settings, complete: false });
    this.waitingForTypes.add(file.fileName);
    this.host.analysed(file, facts);
  }

  private async checkTypes(file: OpenFile): Promise<void> {
    const settings = await this.host.ruleSettings(file);
    if (this.isStale(file)) return;
    const cancellation = this.host.watch.begin();
    const facts = this.host.workspace.analyze(file.fileName, cancellation);
    const types = this.host.workspace.typeQueries(file.fileName);
    const findings = runRules(facts, { rules, types, cancellation, ...settings });
    if (cancellation.isCancellationRequested) this.putOff(file, this.waitingForTypes);
    else this.finish(file, findings, { ...settings, complete: true });
  }

  /** An edit is on its way: what was worked out so far is not complete, and what it concerns is checked after it. */
  private putOff(file: OpenFile, waiting: Set<string>): void {
    this.generation++;
    waiting.add(file.fileName);
    this.start();
  }

  /** The file changed or was closed while something was waited for; the change has its own run. */
  private isStale(file: OpenFile): boolean {
    return this.host.openFile(file.fileName)?.version !== file.version;
  }

  private finish(
    file: OpenFile,
    findings: readonly Finding[],
    { severities, complete }: Pick<Checked, "severities" | "complete">,
  ): void {
    this.checked.set(file.fileName, { version: file.version, text: file.text, findings, severities, complete });
    this.host.publish(file, findings, severities);
  }

  /** A file that no longer imports fanout keeps no squiggle; one that never did costs no message. */
  private clear(file: OpenFile): void {
    if (this.checked.delete(file.fileName)) this.host.publish(file, [], {});
  }
}
