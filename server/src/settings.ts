import { DEFAULT_SETTINGS, normaliseSettings, type Settings } from "#core/settings.js";

/** Asks the client for the section `fanout` as it applies to one document. */
export type FetchSettings = (uri: string) => Promise<unknown>;

/**
 * Settings by document. A client that can be asked is asked once a document; one that cannot has given its settings
 * at the start (`initializationOptions`) or sends them (`didChangeConfiguration`), for all documents alike.
 */
export class SettingsStore {
  private shared: Settings = DEFAULT_SETTINGS;
  private readonly byUri = new Map<string, Promise<Settings>>();
  private fetch: FetchSettings | undefined;

  initialise(options: unknown, fetch: FetchSettings | undefined): void {
    this.shared = normaliseSettings(sectionOf(options) ?? options);
    this.fetch = fetch;
  }

  async get(uri: string): Promise<Settings> {
    if (this.fetch === undefined) return this.shared;
    const known = this.byUri.get(uri) ?? this.ask(this.fetch, uri);
    this.byUri.set(uri, known);
    return known;
  }

  /** `changed` holds the settings only where the client cannot be asked. */
  change(changed: unknown): void {
    this.byUri.clear();
    const section = sectionOf(changed);
    if (section !== undefined) this.shared = normaliseSettings(section);
  }

  forget(uri: string): void {
    this.byUri.delete(uri);
  }

  /** A client that fails to answer must not cost the document its diagnostics. */
  private async ask(fetch: FetchSettings, uri: string): Promise<Settings> {
    try {
      const answer = await fetch(uri);
      return answer === null || answer === undefined ? this.shared : normaliseSettings(answer);
    } catch {
      return this.shared;
    }
  }
}

function sectionOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("fanout" in value)) return undefined;
  return value.fanout;
}
