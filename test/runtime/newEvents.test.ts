import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readNewEvents } from "../../runtime/src/store/newEvents.js";

let dir = "";

beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "fanout-events-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

function append(text: string): void {
  appendFileSync(path.join(dir, "events.ndjson"), text);
}

const line = (seq: number, more = ""): string => `${JSON.stringify({ seq, more })}\n`;
const seqs = ({ events }: ReturnType<typeof readNewEvents>): number[] => events.map(({ seq }) => seq);

it("reads what is new, and a line that is being written only when it is whole", () => {
  append(line(1) + line(2) + line(3).slice(0, 5));
  const first = readNewEvents(dir, 0);
  expect(seqs(first)).toEqual([1, 2]);
  expect(readNewEvents(dir, first.next)).toEqual({ events: [], next: first.next });
  append(line(3).slice(5) + line(4, "ä→\u{1F600}"));
  const second = readNewEvents(dir, first.next);
  expect(seqs(second)).toEqual([3, 4]);
  expect(second.events[1]).toMatchObject({ more: "ä→\u{1F600}" });
});

it("reads a long file in portions, and an event that is longer than one", () => {
  const long = "x".repeat(3_000_000);
  append(line(1, long));
  for (let seq = 2; seq <= 5000; seq += 1) append(line(seq, "y".repeat(500)));
  const read: number[] = [];
  let portions = 0;
  for (let from = 0; ;) {
    const { events, next } = readNewEvents(dir, from);
    if (events.length === 0) break;
    read.push(...events.map(({ seq }) => seq));
    portions += 1;
    from = next;
  }
  expect(read).toEqual(Array.from({ length: 5000 }, (_, index) => index + 1));
  expect(portions).toBeGreaterThan(1);
});
