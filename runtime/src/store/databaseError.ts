import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { FanoutError } from "../errors.js";
import { scratchName } from "./scratch.js";
import { adviceOn, reasonOf } from "./systemError.js";

const BROKEN = /not a database|malformed|no such (table|column)/;
const NOT_WRITTEN = /disk I\/O error|disk is full/;
/** As much as a commit may take: less than this is none. */
const PROBE_BYTES = 2 ** 20;

/** What SQLite says of a run's database file, as a person is to be told; what is thrown by others stays as it is. */
export function databaseError(thrown: unknown, file: string): unknown {
  if (!(thrown instanceof Error) || thrown.name !== "SQLite3Error") return thrown;
  const { message } = thrown;
  if (BROKEN.test(message)) {
    return new FanoutError("store-failed", `The run's database is broken: ${message}.`, {
      advice: "Bring 'run.db' in the run's folder back from a copy, or remove the run with 'fanout runs prune'.",
    });
  }
  const cause = NOT_WRITTEN.test(message) ? systemError(path.dirname(file)) : null;
  if (cause === null) return new FanoutError("store-failed", `The run's database cannot be used: ${message}.`);
  return new FanoutError("store-failed", `The run's record cannot be written: ${reasonOf(cause)}.`, {
    advice: adviceOn(cause, `Make '${path.dirname(file)}' writable.`),
  });
}

/** SQLite keeps the system's own reason to itself: whoever writes there as well is told it. */
function systemError(folder: string): unknown {
  const probe = path.join(folder, scratchName());
  try {
    writeFileSync(probe, Buffer.alloc(PROBE_BYTES));
    return null;
  } catch (cause) {
    return cause;
  } finally {
    rmSync(probe, { force: true });
  }
}
