import { REPORT } from "./messages.js";
import type { PoolClient } from "./poolClient.js";
import { cannotWrite } from "./workerErrors.js";
import { decodePush, decodeQuery, encodeRows } from "./xcomMessages.js";

/**
 * Hands the run what an instance tells or asks while it runs. Returns the line that it waits for; null where the report
 * is one of those that nobody waits for.
 */
export function serve(line: string, client: PoolClient | undefined): string | null {
  switch (line.charAt(0)) {
    case REPORT.pull: {
      const [task, from, count] = JSON.parse(line.slice(1)) as [number, number, number];
      return client?.resultsOf(task, from, count).join("\t") ?? "";
    }
    case REPORT.push:
      client?.xcoms.push(decodePush(line));
      return "";
    case REPORT.get:
      return encodeRows(client?.xcoms.rows(decodeQuery(line)) ?? []);
    case REPORT.inputs: {
      const tab = line.indexOf("\t");
      const [task] = JSON.parse(line.slice(1, tab)) as [number];
      client?.onInputs(task, line.slice(tab + 1));
      return null;
    }
    case REPORT.cannotWrite:
      client?.onFatal(cannotWrite(JSON.parse(line.slice(1)) as string));
      return null;
    default:
      return null;
  }
}
