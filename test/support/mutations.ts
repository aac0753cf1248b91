import { readFileSync } from "node:fs";
import fc from "fast-check";
import { ruleCatalogue } from "../../server/src/rules/index.js";
import { dagFiles } from "./dagFiles.js";
import { readRuleDoc } from "./ruleDocs.js";

/** One change of a text, as somebody types it or as a merge leaves it: `insert` takes the place of `text[from, to)`. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** A text and what happens to it, one edit after the other. */
export interface Mutation {
  readonly source: string;
  readonly edits: readonly Edit[];
}

/** The examples, the fixtures of agreement, and what the rules' documents show. */
const sources = [
  ...dagFiles().map((file) => readFileSync(file, "utf8")),
  ...ruleCatalogue.flatMap(({ name }) => {
    const { wrong, right } = readRuleDoc(name);
    return [...wrong, ...right];
  }),
];

/** What leaves a text half-typed, turns its meaning around, or is unusual for a program that counts characters. */
const INSERTS = [
  ...["(", ")", "{", "}", "[", "]", ";", ".", ",", "=>", "...", "`${", "`", '"', "'", "?.", "/", "/*", "//", "<", "#"],
  ...["for (", "return ", "task(", "if (", "await ", "yield ", "new ", "class ", "import ", "export default ", "as "],
  ...[".expand({ ", ".partial({ ", "expand_kwargs(", ".map(", "dag(", "x: ", "null", "undefined", "0", "-1", "1e999"],
  ...["\n", "\r\n", "\r", "\t", "\u2028", "\u0000", "\uFEFF", "\u{1F600}", "\uD800", "ä", "constructor", "__proto__"],
];

const place = fc.double({ min: 0, max: 1, noNaN: true });

type Step = (text: string) => Edit;

const truncate = place.map((end): Step => (text) => ({ from: at(text, end), to: text.length, insert: "" }));
const behead = place.map((start): Step => (text) => ({ from: 0, to: at(text, start), insert: "" }));
const cut = fc.tuple(place, fc.nat(80)).map(([start, length]): Step => (text) => {
  const from = at(text, start);
  return { from, to: Math.min(text.length, from + length), insert: "" };
});
const type = fc.tuple(place, fc.constantFrom(...INSERTS)).map(([start, insert]): Step => (text) => {
  const from = at(text, start);
  return { from, to: from, insert };
});
const splice = fc
  .tuple(place, place, fc.constantFrom(...sources), place, fc.nat(400))
  .map(([start, length, other, otherStart, otherLength]): Step => (text) => {
    const from = at(text, start);
    const to = from + at(text.slice(from), length * length);
    const begin = at(other, otherStart);
    return { from, to, insert: other.slice(begin, begin + otherLength) };
  });
/** A part once more, somewhere else: names twice, calls in calls. */
const repeat = fc.tuple(place, fc.nat(200), place).map(([start, length, target]): Step => (text) => {
  const begin = at(text, start);
  const from = at(text, target);
  return { from, to: from, insert: text.slice(begin, begin + length) };
});

/** Up to four edits of a text that somebody wrote. */
export const mutations: fc.Arbitrary<Mutation> = fc
  .tuple(
    fc.constantFrom(...sources),
    fc.array(fc.oneof(truncate, behead, cut, type, type, splice, repeat), { minLength: 1, maxLength: 4 }),
  )
  .map(([source, steps]) => {
    const edits: Edit[] = [];
    let text = source;
    for (const step of steps) {
      const edit = step(text);
      edits.push(edit);
      text = applyEdit(text, edit);
    }
    return { source, edits };
  });

export function applyEdit(text: string, { from, to, insert }: Edit): string {
  return text.slice(0, from) + insert + text.slice(to);
}

function at(text: string, place: number): number {
  return Math.floor(text.length * place);
}
