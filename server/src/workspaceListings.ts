import { setImmediate as nextTurn } from "node:timers/promises";
import { type FileListing, listDags } from "#core/model/listing.js";
import type { WorkspaceDags } from "#core/protocol/lsp.js";
import type { FileFacts } from "./analysis/facts.js";
import { collectGarbage } from "./collectGarbage.js";
import { findScripts } from "./dagFiles.js";
import type { ListingCache } from "./workspace/listingCache.js";
import type { Cancellation, Workspace } from "./workspace/workspace.js";

export interface ListingsHost {
  /** Ends what begins now in the middle, should an edit be on its way. */
  readonly watch: { begin(): Cancellation };
  readonly workspace: Workspace;
  /** Undefined: nothing is kept between two starts. */
  cache(): ListingCache | undefined;
  isOpen(fileName: string): boolean;
  /** While true, something that the person waits for is going on. */
  isBusy(): boolean;
  /** The DAGs of some files are others than before. */
  changed(): void;
  /** Nothing is left to be read. */
  settled(): void;
  failed(what: string, error: unknown): void;
}

interface Known {
  readonly listing: FileListing;
  /** What the listing was read from (`ModuleGraph.key`); undefined while the file is open. */
  readonly key: string | undefined;
}

/** How long nothing may change before closed files are looked at, in milliseconds. */
const QUIET_MS = 400;
/** Files that are read with one program, which is given up after them. */
const BATCH = 20;
/** A folder with more scripts than this (somebody opened `/`) is not searched to its end. */
const MOST_SCRIPTS = 20_000;

/**
 * The DAGs of the whole workspace: open files as they are read while somebody types, all others read in the background
 * whenever nothing else is going on, and again when they or something that they import changes.
 */
export class WorkspaceListings {
  readonly #known = new Map<string, Known>();
  /** Scripts under the folders, and whether they were DAG files when last looked at. */
  readonly #scripts = new Map<string, boolean>();
  readonly #waiting = new Set<string>();
  readonly #edited = new Set<string>();
  #folders: readonly string[] = [];
  #isSearched = true;
  /** Something is listed otherwise than when it was announced last, or was not complete when somebody asked. */
  #owesNews = false;
  #generation = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Reads closed files; given up as soon as anything changes. */
  #reader: Workspace | undefined;

  constructor(private readonly host: ListingsHost) {}

  /** By file. */
  get all(): readonly FileListing[] {
    const listings = [...this.#known.values()].map(({ listing }) => listing).filter(({ dags }) => dags.length > 0);
    return listings.sort((a, b) => (a.file < b.file ? -1 : 1));
  }

  /** As far as files were read; whoever is told that some were not is told when they are. */
  list(): WorkspaceDags {
    const complete = this.#isSearched && this.#waiting.size === 0 && this.#edited.size === 0;
    if (!complete) this.#owesNews = true;
    return { files: this.all, complete };
  }

  /** The folders of the workspace, absolute. Files of folders that left are forgotten. */
  setFolders(folders: readonly string[]): void {
    this.#folders = folders;
    this.#isSearched = false;
    for (const file of this.#known.keys()) if (!this.host.isOpen(file)) this.#drop(file);
    this.#scripts.clear();
    this.#waiting.clear();
    this.#postpone();
  }

  /** An open file was read. */
  put(facts: FileFacts): void {
    const models = facts.dags.map((dag) => dag.model);
    this.#keep(facts.fileName, { listing: listDags(facts.fileName, models), key: undefined });
    this.#postpone();
  }

  /** The text of a file, open or not, changed; an open one may also have been closed. */
  changed(fileName: string): void {
    this.#edited.add(fileName);
    this.#postpone();
  }

  /** A file was made or deleted: imports of every file may lead elsewhere. */
  cameOrWent(fileName: string): void {
    if (this.#isInFolders(fileName)) this.#scripts.set(fileName, false);
    this.#waiting.add(fileName);
    for (const file of this.#known.keys()) this.#waiting.add(file);
    this.#postpone();
  }

  dispose(): void {
    this.#generation++;
    clearTimeout(this.#timer);
  }

  /** Whatever is going on ends at the next file, and goes on where it was once there is time. */
  #postpone(): void {
    this.#generation++;
    this.#reader = undefined;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.host.isBusy()) this.#postpone();
      else void this.#run().catch((error: unknown) => this.host.failed("read the workspace", error));
    }, QUIET_MS);
  }

  async #run(): Promise<void> {
    const { generation } = this.#token();
    if (!(await this.#search(generation))) return;
    this.#followEdits();
    while (this.#waiting.size > 0) {
      const batch = [...this.#waiting].slice(0, BATCH);
      if (!(await this.#look(batch, generation))) return;
    }
    this.#announce();
    const hasRead = this.#reader !== undefined;
    this.#reader = undefined;
    await this.host.cache()?.prune();
    if (hasRead && generation === this.#generation) collectGarbage();
    if (generation === this.#generation) this.host.settled();
  }

  #token(): { generation: number } {
    return { generation: this.#generation };
  }

  /** Lets requests and edits in; false where one of them ended the run. */
  async #goesOn(generation: number): Promise<boolean> {
    await nextTurn();
    return generation === this.#generation;
  }

  /** Finds the scripts of all folders. */
  async #search(generation: number): Promise<boolean> {
    if (this.#isSearched) return true;
    for (const folder of this.#folders) {
      for (const file of findScripts(folder)) {
        if (this.#scripts.size >= MOST_SCRIPTS) break;
        if (!this.#scripts.has(file)) {
          this.#scripts.set(file, false);
          this.#waiting.add(file);
        }
        if (!(await this.#goesOn(generation))) return false;
      }
    }
    this.#isSearched = true;
    return true;
  }

  /** What was edited, and the DAG files that use it, and only them. */
  #followEdits(): void {
    const { modules } = this.host.workspace;
    for (const edited of this.#edited) {
      const isDagFile = modules.isDagFile(edited);
      const files = new Set([edited, ...modules.dependants(edited, this.#known.keys())]);
      // A helper that begins to import fanout makes DAG files of those that import it.
      const others = isDagFile === (this.#scripts.get(edited) ?? isDagFile) ? [] : this.#scripts.keys();
      for (const file of [...files, ...others]) this.#waiting.add(file);
    }
    this.#edited.clear();
  }

  /** Lists each file: as it was, as the cache has it, or as it is read now. */
  async #look(batch: readonly string[], generation: number): Promise<boolean> {
    const unread: { readonly file: string; readonly key: string }[] = [];
    for (const file of batch) {
      if (!(await this.#goesOn(generation))) return false;
      const key = this.#keyOf(file);
      const isKnown = key !== undefined && this.#known.get(file)?.key === key;
      const cached = key === undefined || isKnown ? undefined : await this.host.cache()?.read(key, file);
      if (generation !== this.#generation) return false;
      if (key !== undefined && !isKnown && cached === undefined) {
        unread.push({ file, key });
        continue;
      }
      this.#waiting.delete(file);
      if (cached !== undefined) this.#keep(file, { listing: cached, key });
    }
    return unread.length === 0 || this.#read(unread, generation);
  }

  /** Undefined where there is nothing to be listed in the background: the file is then not kept, or is open. */
  #keyOf(file: string): string | undefined {
    const { modules } = this.host.workspace;
    const isDagFile = modules.isDagFile(file);
    if (this.#scripts.has(file)) this.#scripts.set(file, isDagFile);
    if (isDagFile && this.host.isOpen(file)) return undefined;
    const key = isDagFile && this.#isInFolders(file) ? modules.key(file) : undefined;
    if (key === undefined) this.#drop(file);
    return key;
  }

  async #read(
    unread: readonly { readonly file: string; readonly key: string }[],
    generation: number,
  ): Promise<boolean> {
    const reader = (this.#reader ??= this.host.workspace.fork());
    const files = unread.map(({ file }) => file);
    reader.addFiles(files);
    for (const { file, key } of unread) {
      if (!(await this.#goesOn(generation))) return false;
      const cancellation = this.host.watch.begin();
      const models = reader.analyze(file, cancellation).dags.map((dag) => dag.model);
      if (cancellation.isCancellationRequested) {
        this.#postpone();
        return false;
      }
      const listing = listDags(file, models);
      this.#keep(file, { listing, key });
      await this.host.cache()?.write(key, listing);
      if (generation !== this.#generation) return false;
      this.#waiting.delete(file);
    }
    reader.release(files);
    this.#announce();
    return true;
  }

  #keep(file: string, known: Known): void {
    const before = this.#known.get(file)?.listing;
    this.#known.set(file, known);
    if (JSON.stringify(before) !== JSON.stringify(known.listing)) this.#owesNews = true;
  }

  #drop(file: string): void {
    if (this.#known.delete(file)) this.#owesNews = true;
  }

  #announce(): void {
    if (!this.#owesNews) return;
    this.#owesNews = false;
    this.host.changed();
  }

  #isInFolders(file: string): boolean {
    return this.#folders.some((folder) => file.startsWith(`${folder}/`));
  }
}
