import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { FileFacts } from "../../server/src/analysis/facts.js";
import { campaign } from "../support/campaign.js";
import { dagFiles } from "../support/dagFiles.js";
import { createMemoryProject } from "../support/memoryProject.js";

const sources = dagFiles().map((file) => readFileSync(file, "utf8"));

const INSERTS = [
  "(",
  ")",
  "{",
  "}",
  "[",
  "]",
  ";",
  ".",
  ",",
  "=>",
  "...",
  "`${",
  '"',
  "?.",
  "for (",
  "return ",
  "task(",
];

const text = fc.constantFrom(...sources);
const place = fc.double({ min: 0, max: 1, noNaN: true });

const truncated = fc.tuple(text, place).map(([source, end]) => source.slice(0, at(source, end)));
const cut = fc.tuple(text, place, fc.nat(80)).map(([source, start, length]) => {
  const from = at(source, start);
  return source.slice(0, from) + source.slice(from + length);
});
const typed = fc.tuple(text, place, fc.constantFrom(...INSERTS)).map(([source, start, insert]) => {
  const from = at(source, start);
  return source.slice(0, from) + insert + source.slice(from);
});
const spliced = fc.tuple(text, text, place, place).map(([one, other, end, start]) => {
  return one.slice(0, at(one, end)) + other.slice(at(other, start));
});

it("never throws on broken text, and never points outside of it", () => {
  const { workspace, fixture } = createMemoryProject("export {};");
  let version = 1;
  fc.assert(
    fc.property(fc.oneof(truncated, cut, typed, spliced), (source) => {
      workspace.changeDocument(fixture.main, source, ++version);
      const facts = workspace.analyze(fixture.main);
      expect(facts.notes.filter(({ text: note }) => note.startsWith("Reading stopped"))).toEqual([]);
      expectInside(facts, source);
    }),
    { seed: 20220402, numRuns: campaign({ small: 20, middle: 60, full: 2000 }) },
  );
});

function at(source: string, place: number): number {
  return Math.floor(source.length * place);
}

function expectInside(facts: FileFacts, source: string): void {
  const lines = source.split(/\r\n|[\r\n\u2028\u2029]/);
  for (const { model } of facts.dags) {
    const spans = [model.span, ...[...model.tasks, ...model.edges, ...model.unresolved].map(({ span }) => span)];
    for (const span of spans) {
      if (span?.file !== facts.fileName) continue;
      expect(span.column).toBeLessThanOrEqual((lines[span.line - 1]?.length ?? -1) + 1);
      expect(span.endColumn ?? 1).toBeLessThanOrEqual((lines[(span.endLine ?? 1) - 1]?.length ?? -1) + 1);
    }
  }
}
