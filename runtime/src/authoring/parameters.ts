/**
 * The names that a task function takes, as far as its text tells them: those of a destructured first parameter without
 * a rest, or none at all. Undefined where the function takes its inputs as one object, and for native functions.
 */
export function parametersOf(fn: (...args: never) => unknown): ReadonlySet<string> | undefined {
  const text = Function.prototype.toString.call(fn);
  const start = text.search(/[({]/);
  if (text.slice(0, start).includes("=>") || text.startsWith("class") || text.endsWith("{ [native code] }"))
    return undefined;
  if (/^\(\s*\)/.test(text.slice(start))) return new Set();
  const pattern = /^\(\s*\{/.exec(text.slice(start));
  if (pattern === null) return undefined;
  const names = new Set<string>();
  for (const part of splitPattern(text, start + pattern[0].length)) {
    if (part === "") continue;
    const name = /^(?:([\p{L}_$][\p{L}\p{N}_$]*)|"([^"\\]*)"|'([^'\\]*)')/u.exec(part);
    if (name === null) return undefined;
    names.add(name[1] ?? name[2] ?? name[3] ?? "");
  }
  return names;
}

const OPENING = "({[";
const CLOSING = ")}]";

/** The parts between the commas of a destructuring pattern that begins at `from`, up to its closing brace. */
function splitPattern(text: string, from: number): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = from;
  for (let index = from; index < text.length; index = next(text, index)) {
    const character = text.charAt(index);
    if (depth === 0 && (character === "," || character === "}")) {
      parts.push(text.slice(start, index).trim());
      start = index + 1;
      if (character === "}") return parts;
    }
    if (OPENING.includes(character)) depth++;
    else if (CLOSING.includes(character)) depth--;
  }
  return [];
}

/** The index after the character at `index`, or after the text or comment that begins there. */
function next(text: string, index: number): number {
  const skipped = /^(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`|\/\*[^]*?\*\/|\/\/[^\n]*)/.exec(
    text.slice(index),
  );
  return index + (skipped?.[0].length ?? 1);
}
