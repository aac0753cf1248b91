import { Chance } from "./chance.js";

/** Names in scope, by what they hold. */
interface Names {
  readonly numbers: readonly string[];
  readonly texts: readonly string[];
  readonly lists: readonly string[];
  /** Results that can be mapped over. */
  readonly references: readonly string[];
  /** What can only be given to tasks: what groups get, and results of tasks in mapped groups. */
  readonly values: readonly string[];
  /** Everything that can stand in `chain`, in the order in which it is made. */
  readonly chained: readonly string[];
  readonly functions: readonly string[];
  /** True in the body of a mapped group, where nothing else can be mapped. */
  readonly inMapped: boolean;
}

/**
 * Writes the body of a `dag()` by chance: loops, conditions, lists, functions, tasks and groups in any order. It may use
 * `NAMES` and the names of `flags` as conditions, and it always ends. The same seed writes the same text.
 */
export const NAMES = ["chain", "setup", "task", "task_group", "teardown"] as const;

export function randomBody(seed: number, flags: readonly string[] = []): string {
  return new Writer(new Chance(seed), flags).body();
}

const PRELUDE = `const run = task({ task_id: "run" }, (inputs) => inputs);
const make = setup({ task_id: "make" }, (inputs) => inputs);
const clean = teardown({ task_id: "clean" }, (inputs) => inputs);
const pick = task.branch({ task_id: "pick" }, () => null);
`;

function withReference(names: Names, name: string): Names {
  return { ...names, references: [...names.references, name], chained: [...names.chained, name] };
}

class Writer {
  #names = 0;

  constructor(
    private readonly chance: Chance,
    private readonly flags: readonly string[],
  ) {}

  body(): string {
    const names: Names = {
      ...{ numbers: ["3"], texts: [`"t"`], lists: ["[1, 2]"], references: [], functions: [] },
      ...{ values: [], chained: [], inMapped: false },
    };
    return `${PRELUDE}${this.#block(names, 3, 6)}`;
  }

  #block(names: Names, depth: number, length: number): string {
    let text = "";
    let scope = names;
    for (let count = this.#below(length) + 1; count > 0; count--) {
      const [statement, next] = this.#statement(scope, depth);
      text += `${statement}\n`;
      scope = next;
    }
    return text;
  }

  #statement(names: Names, depth: number): [string, Names] {
    const simple = [
      this.#task,
      this.#derive,
      this.#number,
      this.#text,
      this.#list,
      this.#change,
      this.#chain,
      this.#mark,
    ];
    const nested = [
      this.#group,
      this.#group,
      this.#if,
      this.#forOf,
      this.#for,
      this.#switch,
      this.#function,
      this.#each,
    ];
    const pick = this.#one(depth > 0 && this.#below(3) === 0 ? nested : simple);
    return pick.call(this, names, depth);
  }

  #task(names: Names): [string, Names] {
    const name = this.#name();
    const inputs = this.#one([
      `{ x: ${this.#value(names)} }`,
      `{ x: ${this.#value(names)}, y: ${this.#value(names)} }`,
      "",
    ]);
    const mapped = `{ x: ${this.#mappable(names)} }`;
    const task = this.#one(["run", "run", `run.override({ task_id: \`${this.#id(names)}\` })`, "make", "clean"]);
    const call = this.#one([
      `(${inputs})`,
      ...(names.inMapped ? [] : [`.expand(${mapped})`, `.partial({ z: ${this.#value(names)} }).expand(${mapped})`]),
    ]);
    const made = this.#below(9) === 0 ? "pick()" : `${task}${call}`;
    return [`const ${name} = ${made};`, withReference(names, name)];
  }

  #group(names: Names, depth: number): [string, Names] {
    const [name, x, y] = [this.#name(), this.#name(), this.#name()];
    const isMapped = !names.inMapped && this.#below(2) === 0;
    const inner: Names = { ...names, values: [...names.values, x, y], inMapped: names.inMapped || isMapped };
    const body = this.#block(inner, depth - 1, 3);
    const result = this.#one([`return run({ x: ${x}, y: ${y} });`, `run({ x: [${y}] });`, ""]);
    const options = this.#one([
      `group_id: "g"`,
      `group_id: "g", prefix_group_id: false`,
      `group_id: \`${this.#id(names)}\``,
    ]);
    const group = `task_group({ ${options} }, ({ ${x}, ${y} }) => {\n${body}${result}\n})`;
    const call = isMapped
      ? this.#mapping(names, x, y)
      : `({ ${x}: ${this.#value(names)}, ${y}: ${this.#value(names)} })`;
    const text = `const ${name} = ${group}${call};`;
    if (!result.startsWith("return")) return [text, { ...names, chained: [...names.chained, name] }];
    const made = isMapped
      ? { ...names, values: [...names.values, name] }
      : { ...names, references: [...names.references, name] };
    return [text, { ...made, chained: [...names.chained, name] }];
  }

  #mapping(names: Names, x: string, y: string): string {
    const [one, other] = [this.#mappable(names), this.#mappable(names)];
    return this.#one([
      `.partial({ ${y}: ${this.#value(names)} }).expand({ ${x}: ${one} })`,
      `.expand({ ${y}: ${one}, ${x}: ${other} })`,
      `.override({ default_args: { trigger_rule: "all_done" } }).expand({ ${x}: ${one}, ${y}: ${other} })`,
      `.expand_kwargs([{ ${x}: ${this.#value(names)}, ${y}: ${this.#value(names)} }])`,
      `.partial({ ${x}: ${this.#value(names)} }).expand_kwargs([{ ${y}: ${this.#value(names)} }, { ${y}: 1 }])`,
      ...names.references.map((reference) => `.expand_kwargs(${reference})`),
    ]);
  }

  /** Marks what is there already; a task that is marked twice differently refuses the DAG. */
  #mark(names: Names): [string, Names] {
    const at = this.#below(names.references.length + 1);
    const [one, other] = [names.references[at], names.references[at + 1]];
    if (one === undefined) return [";", names];
    const setups = `${other ?? one}.as_teardown({ setups: ${this.#one([one, `[${one}]`])} });`;
    return [
      this.#one([`${one}.as_setup();`, `${one}.as_teardown();`, ...(other === undefined ? [] : [setups])]),
      names,
    ];
  }

  #derive(names: Names): [string, Names] {
    if (names.references.length === 0) return [";", names];
    const [name, one, other] = [this.#name(), this.#one(names.references), this.#one(names.references)];
    const value = this.#one([
      `${one}.map((item) => item)`,
      `${one}.zip(${other})`,
      `${one}.zip(${other}, ${one}, { fillvalue: ${this.#numeric(names)} })`,
      `${one}.concat(${other})`,
    ]);
    return [`const ${name} = ${value};`, withReference(names, name)];
  }

  #number(names: Names): [string, Names] {
    const name = this.#name();
    const number = this.#numeric(names);
    const value = this.#one([
      `${number} + ${this.#numeric(names)}`,
      `${number} % 3`,
      `${this.#one(names.lists)}.length`,
      `${this.#condition(names)} ? ${number} : ${this.#numeric(names)}`,
      `Math.max(${number}, ${this.#numeric(names)})`,
      ...names.functions.map((fn) => `${fn}(${number})`),
    ]);
    return [`let ${name} = ${value};`, { ...names, numbers: [...names.numbers, name] }];
  }

  #text(names: Names): [string, Names] {
    const name = this.#name();
    const text = this.#one(names.texts);
    const value = this.#one([
      `\`${this.#id(names)}\``,
      `${text}.toUpperCase()`,
      `${text} + ${this.#numeric(names)}`,
      `${text}.slice(-2)`,
    ]);
    return [`const ${name} = ${value};`, { ...names, texts: [...names.texts, name] }];
  }

  #list(names: Names): [string, Names] {
    const name = this.#name();
    const list = this.#one(names.lists);
    const value = this.#one([
      `[${this.#numeric(names)}, ${this.#numeric(names)}]`,
      `[...${list}, ${this.#numeric(names)}]`,
      `${list}.map((item, index) => item + index)`,
      `${list}.filter((item) => item > ${this.#numeric(names)})`,
      `${list}.slice(1)`,
      `${list}.concat(${this.#one(names.lists)})`,
      `Object.values({ a: ${this.#numeric(names)}, b: 2 })`,
      `Array.from({ length: 2 }, (_, index) => index * ${this.#numeric(names)})`,
      `[...new Set(${list})].reverse()`,
    ]);
    return [`const ${name} = ${value};`, { ...names, lists: [...names.lists, name] }];
  }

  #change(names: Names): [string, Names] {
    const lists = names.lists.filter((name) => name.startsWith("v"));
    const numbers = names.numbers.filter((name) => name.startsWith("v"));
    const changes = [
      ...lists.map((name) => `if (${name}.length < 9) ${name}.push(${this.#numeric(names)});`),
      ...lists.map((name) => `${name}.shift();`),
      ...numbers.map((name) => `${name} += 1;`),
      ...numbers.map((name) => `${name} = ${this.#numeric(names)} % 7;`),
    ];
    return [changes.length === 0 ? ";" : this.#one(changes), names];
  }

  #chain(names: Names): [string, Names] {
    const { chained } = names;
    const [first, second] = [this.#below(chained.length), this.#below(chained.length)].sort((a, b) => a - b);
    if (first === second || first === undefined || second === undefined) return [";", names];
    const [from, to] = [chained[first] ?? "", chained[second] ?? ""];
    return [this.#one([`chain(${from}, ${to});`, `chain([${from}], ${to});`, `${to}.set_upstream(${from});`]), names];
  }

  #if(names: Names, depth: number): [string, Names] {
    const otherwise = this.#one(["", ` else {\n${this.#block(names, depth - 1, 2)}}`]);
    return [`if (${this.#condition(names)}) {\n${this.#block(names, depth - 1, 3)}}${otherwise}`, names];
  }

  #forOf(names: Names, depth: number): [string, Names] {
    const name = this.#name();
    const inner = { ...names, numbers: [...names.numbers, name] };
    const leave = this.#one([
      "",
      `if (${this.#condition(inner)}) continue;\n`,
      `if (${this.#condition(inner)}) break;\n`,
    ]);
    const list = this.#one([`[...${this.#one(names.lists)}]`, `${this.#one(names.lists)}.slice(0, 3)`]);
    return [`for (let ${name} of ${list}) {\n${leave}${this.#block(inner, depth - 1, 2)}}`, names];
  }

  #for(names: Names, depth: number): [string, Names] {
    const name = this.#name();
    // The body must not change what ends the loop.
    const inner = { ...names, texts: [...names.texts, `\`\${${name}}\``] };
    return [`for (let ${name} = 0; ${name} < 2; ${name}++) {\n${this.#block(inner, depth - 1, 2)}}`, names];
  }

  #switch(names: Names, depth: number): [string, Names] {
    const cases = [0, 1].map(
      (value) => `case ${value}:\n${this.#block(names, depth - 1, 1)}${this.#one(["break;\n", ""])}`,
    );
    const bodies = cases.map((text) => text.replace(/:\n([^]*)$/, ":\n{$1}\n").replace(/break;\n\}/, "} break;"));
    return [`switch (${this.#numeric(names)} % 3) {\n${bodies.join("")}default: ;\n}`, names];
  }

  #function(names: Names, depth: number): [string, Names] {
    const [name, parameter] = [this.#name(), this.#name()];
    const inner = { ...names, functions: [], numbers: [...names.numbers, parameter] };
    const early = this.#one(["", `if (${this.#condition(inner)}) return ${this.#numeric(inner)};\n`]);
    const body = `${early}${this.#block(inner, depth - 1, 2)}return ${this.#numeric(inner)} % 5;`;
    const head = this.#one([`const ${name} = (${parameter}) =>`, `function ${name}(${parameter} = 1)`]);
    return [`${head} {\n${body}\n}`, { ...names, functions: [...names.functions, name] }];
  }

  #each(names: Names, depth: number): [string, Names] {
    const name = this.#name();
    const inner = { ...names, numbers: [...names.numbers, name] };
    return [
      `${this.#one(names.lists)}.slice(0, 3).forEach((${name}) => {\n${this.#block(inner, depth - 1, 2)}});`,
      names,
    ];
  }

  #condition(names: Names): string {
    const number = this.#numeric(names);
    return this.#one([
      ...this.flags,
      ...this.flags.map((flag) => `!${flag}`),
      `${number} > ${this.#numeric(names)}`,
      `${number} % 2 === 0`,
      `${this.#one(names.lists)}.includes(${number})`,
      `!${number} || ${this.#one(names.texts)}.length > 2`,
      `${this.#one(names.lists)}.some((item) => item === ${number})`,
    ]);
  }

  #value(names: Names): string {
    return this.#one([
      this.#numeric(names),
      this.#one(names.texts),
      this.#one(names.lists),
      ...names.references,
      ...names.values,
    ]);
  }

  #mappable(names: Names): string {
    const list = this.#one(names.lists);
    const reference = names.references.length === 0 ? "1" : this.#one(names.references);
    return this.#one([list, `[${this.#numeric(names)}, ${reference}]`, `{ a: ${reference} }`, ...names.references]);
  }

  #numeric(names: Names): string {
    return this.#one([...names.numbers, String(this.#below(5))]);
  }

  #id(names: Names): string {
    return `n_\${${this.#one([this.#numeric(names), this.#one(names.texts)])}}`;
  }

  #name(): string {
    return `v${++this.#names}`;
  }

  #one<T>(choices: readonly T[]): T {
    return choices[this.#below(choices.length)] as T;
  }

  #below(limit: number): number {
    return this.chance.below(limit);
  }
}
