/** Names in scope, by what they hold. */
interface Names {
  readonly numbers: readonly string[];
  readonly texts: readonly string[];
  readonly lists: readonly string[];
  readonly references: readonly string[];
  readonly functions: readonly string[];
}

/**
 * Writes the body of a `dag()` by chance: loops, conditions, lists, functions and tasks in any order. It may use
 * `task`, `chain` and the names of `flags` as conditions, and it always ends. The same seed writes the same text.
 */
export function randomBody(seed: number, flags: readonly string[] = []): string {
  return new Writer(seed, flags).body();
}

class Writer {
  #state: number;
  #names = 0;

  constructor(
    seed: number,
    private readonly flags: readonly string[],
  ) {
    this.#state = seed + 1;
  }

  body(): string {
    const names: Names = { numbers: ["3"], texts: [`"t"`], lists: ["[1, 2]"], references: [], functions: [] };
    return `const run = task({ task_id: "run" }, (inputs) => inputs);\n${this.#block(names, 3, 6)}`;
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
    const simple = [this.#task, this.#derive, this.#number, this.#text, this.#list, this.#change, this.#chain];
    const nested = [this.#if, this.#forOf, this.#for, this.#switch, this.#function, this.#each];
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
    const task = this.#one(["run", `run.override({ task_id: \`${this.#id(names)}\` })`]);
    const call = this.#one([
      `(${inputs})`,
      `.expand(${mapped})`,
      `.partial({ z: ${this.#value(names)} }).expand(${mapped})`,
    ]);
    return [`const ${name} = ${task}${call};`, { ...names, references: [...names.references, name] }];
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
    return [`const ${name} = ${value};`, { ...names, references: [...names.references, name] }];
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
    const [first, second] = [this.#below(names.references.length), this.#below(names.references.length)].sort(
      (a, b) => a - b,
    );
    if (first === second || first === undefined || second === undefined) return [";", names];
    const [from, to] = [names.references[first] ?? "", names.references[second] ?? ""];
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
    return this.#one([this.#numeric(names), this.#one(names.texts), this.#one(names.lists), ...names.references]);
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

  /** A whole number from 0 to below `limit` (mulberry32). */
  #below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * limit);
  }
}
