import { UNMAPPED_INDEX } from "#core/model/run.js";
import { decodeRows, encodePush, encodeQuery, type XcomPush, type XcomQuery } from "../pool/xcomMessages.js";
import type { XcomRow } from "../store/runStore.js";
import type { EngineLink } from "./channel.js";

/** Higher than any `map_index`: the store numbers rows by task and index, and the next number is the next task's. */
export const LAST_INDEX = 2 ** 32 - 2;

/** The XComs of the run, which the engine keeps: every call waits for its answer. */
export class Xcoms {
  constructor(readonly channel: Pick<EngineLink, "report" | "readAnswer">) {}

  /** Returns when the engine has them, so that whoever looks for them from then on finds them. */
  push(push: XcomPush): void {
    this.channel.report(encodePush(push));
    this.channel.readAnswer();
  }

  /** In order of `map_index`. */
  rows(query: XcomQuery): XcomRow[] {
    const found: XcomRow[] = [];
    for (let { from } = query; from <= query.to;) {
      // Long values come in several answers.
      const rows = this.some({ ...query, from });
      const last = rows.at(-1);
      if (!last) break;
      for (const row of rows) found.push(row);
      from = last.map_index + 1;
    }
    return found;
  }

  /** The first of them, as many as come in one answer; at least one where there is one. */
  some(query: XcomQuery): XcomRow[] {
    this.channel.report(encodeQuery(query));
    return decodeRows(this.channel.readAnswer());
  }

  /** JSON text of what one instance has; undefined where it has nothing. */
  one(task: number, key: string, map_index: number): string | undefined {
    // No instance has it, though the store may take it for one of another task.
    if (map_index < UNMAPPED_INDEX || map_index > LAST_INDEX) return undefined;
    return this.rows({ task, key, from: map_index, to: map_index })[0]?.json;
  }
}
