import { mkdtempSync, readdirSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { JournalReader, JournalWriter, readJournals } from "../../runtime/src/pool/journal.js";
import { type ResultReport, decodeResult, encodeResult } from "../../runtime/src/pool/messages.js";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "fanout-journal-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function reportOf(map_index: number, xcom: string): ResultReport {
  return {
    ...{ task: 0, map_index, try_number: 1, outcome: "success", start: 1, duration_ms: 0.5, log: [0, 0], length: null },
    ...{ name: "día", error: null, mayRetry: false, skips: [3, 5], xcom, inputs: null },
  };
}

describe("a worker's journal", () => {
  it("is read in order while it is written, over all its files, and deleted where that is committed", () => {
    const writer = new JournalWriter(folder, 7);
    const found: string[] = [];
    const reader = new JournalReader(folder, 7, process.pid, (line) => found.push(line));
    // More than one file holds, in texts that take more bytes than they have characters.
    const reports = Array.from({ length: 30 }, (_, index) =>
      reportOf(index, JSON.stringify("é".repeat(index * 20_000))),
    );
    for (const [index, report] of reports.entries()) {
      writer.write(encodeResult(report));
      if (index % 3 === 0) reader.read();
    }
    reader.read();
    expect(found.map(decodeResult)).toEqual(reports);
    expect(reader.arrived).toBe(writer.written);
    expect(readdirSync(folder).length).toBeGreaterThan(1);
    expect(readJournals(folder).map(({ report }) => report)).toEqual(reports);
    reader.committed(false);
    expect(readdirSync(folder)).toHaveLength(1);
    reader.committed(true);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("counts for nothing where a line is not whole, and where somebody else wrote into it", () => {
    const writer = new JournalWriter(folder, 0);
    const found: string[] = [];
    const reader = new JournalReader(folder, 0, process.pid, (line) => found.push(line));
    writer.write(encodeResult(reportOf(0, "1")));
    writer.write("not a report\n\nR[0,5]\n\x1eR[0,5]\n\x1e1:R[0,5\n");
    writer.write(encodeResult(reportOf(1, "2")).slice(0, 20));
    reader.read();
    expect(found.filter((line) => line.endsWith("\t1\t"))).toHaveLength(1);
    expect(readJournals(folder).map(({ report }) => report.map_index)).toEqual([0]);
    reader.committed(true);
  });

  it("shows that somebody has cut it off", () => {
    const writer = new JournalWriter(folder, 0);
    const reader = new JournalReader(folder, 0, process.pid, () => undefined);
    writer.write(encodeResult(reportOf(0, "1")));
    truncateSync(path.join(folder, "w0-0.ndjson"));
    reader.read();
    expect(reader.arrived).toBeLessThan(writer.written);
    reader.committed(true);
  });
});
