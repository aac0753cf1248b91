import { NO_NAMES, type Names, RandomExpressions, type Written } from "./randomExpressions.js";
import { RandomGroups } from "./randomGroups.js";
import { RandomTasks } from "./randomTasks.js";

type Statement = (names: Names, depth: number) => Written;

/**
 * Writes what stands in a DAG file below its imports, by chance: one DAG or several, with loops, conditions, lists,
 * functions, tasks, operators and groups in any order. It may use the names of `randomHelpers.ts` and those of `flags`
 * as conditions, and it always ends. The same seed writes the same text.
 */
export function randomDags(seed: number, flags: readonly string[] = []): string {
  return new Writer(new RandomExpressions(seed, flags)).file();
}

/** For ids that must differ wherever a line runs again. */
const START = `let made = 0;
const unique = () => \`op_\${made++}\`;
`;

class Writer {
  readonly #tasks: RandomTasks;
  readonly #groups: RandomGroups;

  constructor(private readonly draw: RandomExpressions) {
    this.#tasks = new RandomTasks(draw);
    this.#groups = new RandomGroups(draw, (names, depth, length) => this.#block(names, depth, length));
  }

  file(): string {
    const body = `{\n${START}${this.#block(NO_NAMES, 3, 6)}}`;
    const dag = `dag({ ${this.#options()} }, () => ${body});`;
    return this.draw.one([
      dag,
      dag,
      `const build = (dag_id) => ${dag.replace('dag_id: "made"', "dag_id")}\nbuild("one");\nbuild("two");`,
      `for (const dag_id of ["first", "second"]) {\n${dag.replace('dag_id: "made"', "dag_id")}\n}`,
      `export default ${dag}`,
    ]);
  }

  #options(): string {
    return this.draw.one([
      `dag_id: "made"`,
      `dag_id: "made", schedule: "@daily", tags: ["a", "b"], timezone: "Europe/Berlin"`,
      `dag_id: "made", schedule: { hours: 6 }, default_args: { retries: 2, trigger_rule: "none_failed" }`,
      `dag_id: "made", params: { n: new Param(1, { type: "integer" }), m: 2 }, description: "made by chance"`,
      `dag_id: "made", default_args: shared, on_failure_callback: () => undefined`,
    ]);
  }

  #block(names: Names, depth: number, length: number): string {
    let text = "";
    let scope = names;
    for (let count = this.draw.below(length) + 1; count > 0; count--) {
      const [statement, next] = this.#statement(scope, depth);
      text += `${statement}\n`;
      scope = next;
    }
    return text;
  }

  #statement(names: Names, depth: number): Written {
    const simple: readonly Statement[] = [
      (scope) => this.#tasks.task(scope),
      (scope) => this.#tasks.operator(scope),
      (scope) => this.#tasks.several(scope),
      (scope) => this.#tasks.derive(scope),
      (scope) => this.#tasks.chain(scope),
      (scope) => this.#tasks.mark(scope),
      (scope) => this.#groups.call(scope),
      (scope) => this.#number(scope),
      (scope) => this.#text(scope),
      (scope) => this.#list(scope),
      (scope) => this.#change(scope),
      (scope) => this.#guarded(scope),
    ];
    const nested: readonly Statement[] = [
      (scope, left) => this.#groups.group(scope, left),
      (scope, left) => this.#groups.group(scope, left),
      (scope, left) => this.#groups.define(scope, left),
      (scope, left) => this.#if(scope, left),
      (scope, left) => this.#forOf(scope, left),
      (scope, left) => this.#for(scope, left),
      (scope, left) => this.#while(scope, left),
      (scope, left) => this.#forIn(scope, left),
      (scope, left) => this.#switch(scope, left),
      (scope, left) => this.#function(scope, left),
      (scope, left) => this.#recursion(scope, left),
      (scope, left) => this.#try(scope, left),
      (scope, left) => this.#each(scope, left),
    ];
    return this.draw.one(depth > 0 && this.draw.below(3) === 0 ? nested : simple)(names, depth);
  }

  #number(names: Names): Written {
    const name = this.draw.name();
    const number = this.draw.numeric(names);
    const value = this.draw.one([
      `${number} + ${this.draw.numeric(names)}`,
      `${number} % 3`,
      `${this.draw.one(names.lists)}.length`,
      `${this.draw.condition(names)} ? ${number} : ${this.draw.numeric(names)}`,
      `Math.max(${number}, ${this.draw.numeric(names)})`,
      ...names.functions.map((fn) => `${fn}(${number})`),
    ]);
    return [`let ${name} = ${value};`, { ...names, numbers: [...names.numbers, name] }];
  }

  #text(names: Names): Written {
    const name = this.draw.name();
    const text = this.draw.one(names.texts);
    const value = this.draw.one([
      `\`${this.draw.id(names)}\``,
      `${text}.toUpperCase()`,
      `${text} + ${this.draw.numeric(names)}`,
      `${text}.slice(-2)`,
    ]);
    return [`const ${name} = ${value};`, { ...names, texts: [...names.texts, name] }];
  }

  #list(names: Names): Written {
    const name = this.draw.name();
    const list = this.draw.one(names.lists);
    const value = this.draw.one([
      `[${this.draw.numeric(names)}, ${this.draw.numeric(names)}]`,
      `[...${list}, ${this.draw.numeric(names)}]`,
      `${list}.map((item, index) => item + index)`,
      `${list}.filter((item) => item > ${this.draw.numeric(names)})`,
      `${list}.slice(1)`,
      `${list}.concat(${this.draw.one(names.lists)})`,
      `Object.values({ a: ${this.draw.numeric(names)}, b: 2 })`,
      `Array.from({ length: 2 }, (_, index) => index * ${this.draw.numeric(names)})`,
      `[...new Set(${list})].reverse()`,
    ]);
    return [`const ${name} = ${value};`, { ...names, lists: [...names.lists, name] }];
  }

  #change(names: Names): Written {
    const lists = names.lists.filter((name) => name.startsWith("v"));
    const numbers = names.numbers.filter((name) => name.startsWith("v"));
    const changes = [
      ...lists.map((name) => `if (${name}.length < 9) ${name}.push(${this.draw.numeric(names)});`),
      ...lists.map((name) => `${name}.shift();`),
      ...numbers.map((name) => `${name} += 1;`),
      ...numbers.map((name) => `${name} = ${this.draw.numeric(names)} % 7;`),
    ];
    return [changes.length === 0 ? ";" : this.draw.one(changes), names];
  }

  /** A task by an expression alone, which may not be reached. */
  #guarded(names: Names): Written {
    const { draw } = this;
    const call = draw.one([`run({ x: ${draw.value(names)} })`, `step(unique())`, `make()`]);
    const name = draw.name();
    return draw.one<Written>([
      [`${draw.condition(names)} && ${call};`, names],
      [`${draw.condition(names)} ? ${call} : run();`, names],
      [`const ${name} = ${draw.condition(names)} ? ${call} : run();`, { ...names, chained: [...names.chained, name] }],
      [`const ${name} = [${draw.condition(names)} && ${call}].filter(Boolean);`, names],
    ]);
  }

  #if(names: Names, depth: number): Written {
    const otherwise = this.draw.one(["", ` else {\n${this.#block(names, depth - 1, 2)}}`]);
    return [`if (${this.draw.condition(names)}) {\n${this.#block(names, depth - 1, 3)}}${otherwise}`, names];
  }

  #forOf(names: Names, depth: number): Written {
    const name = this.draw.name();
    const inner = { ...names, repeats: true, numbers: [...names.numbers, name] };
    const leave = this.draw.one([
      "",
      `if (${this.draw.condition(inner)}) continue;\n`,
      `if (${this.draw.condition(inner)}) break;\n`,
    ]);
    const list = this.draw.one([`[...${this.draw.one(names.lists)}]`, `${this.draw.one(names.lists)}.slice(0, 3)`]);
    return [`for (let ${name} of ${list}) {\n${leave}${this.#block(inner, depth - 1, 2)}}`, names];
  }

  #for(names: Names, depth: number): Written {
    const name = this.draw.name();
    // The body must not change what ends the loop.
    const inner = { ...names, repeats: true, texts: [...names.texts, `\`\${${name}}\``] };
    return [`for (let ${name} = 0; ${name} < 2; ${name}++) {\n${this.#block(inner, depth - 1, 2)}}`, names];
  }

  #switch(names: Names, depth: number): Written {
    const cases = [0, 1].map(
      (value) => `case ${value}:\n${this.#block(names, depth - 1, 1)}${this.draw.one(["break;\n", ""])}`,
    );
    const bodies = cases.map((text) => text.replace(/:\n([^]*)$/, ":\n{$1}\n").replace(/break;\n\}/, "} break;"));
    return [`switch (${this.draw.numeric(names)} % 3) {\n${bodies.join("")}default: ;\n}`, names];
  }

  #function(names: Names, depth: number): Written {
    const [name, parameter] = [this.draw.name(), this.draw.name()];
    const inner = { ...names, functions: [], repeats: true, numbers: [...names.numbers, parameter] };
    const early = this.draw.one(["", `if (${this.draw.condition(inner)}) return ${this.draw.numeric(inner)};\n`]);
    const body = `${early}${this.#block(inner, depth - 1, 2)}return ${this.draw.numeric(inner)} % 5;`;
    const head = this.draw.one([`const ${name} = (${parameter}) =>`, `function ${name}(${parameter} = 1)`]);
    return [`${head} {\n${body}\n}`, { ...names, functions: [...names.functions, name] }];
  }

  #each(names: Names, depth: number): Written {
    const name = this.draw.name();
    const inner = { ...names, repeats: true, numbers: [...names.numbers, name] };
    return [
      `${this.draw.one(names.lists)}.slice(0, 3).forEach((${name}) => {\n${this.#block(inner, depth - 1, 2)}});`,
      names,
    ];
  }

  #while(names: Names, depth: number): Written {
    const [name, count] = [this.draw.name(), `c${this.draw.name()}`];
    const inner = { ...names, repeats: true, texts: [...names.texts, `String(${count})`] };
    const body = this.#block(inner, depth - 1, 2);
    const text = this.draw.one([
      `let ${count} = 0;\nwhile (${count}++ < 2) {\n${body}}`,
      `let ${count} = 2;\ndo {\n${body}} while (--${count} > 0);`,
      `let ${count} = 0;\n${name}: for (;;) {\n${body}if (++${count} > 1) break ${name};\n}`,
    ]);
    return [text, names];
  }

  #forIn(names: Names, depth: number): Written {
    const [name, value] = [this.draw.name(), this.draw.name()];
    const number = this.draw.numeric(names);
    const inner = { ...names, repeats: true, texts: [...names.texts, name] };
    // Its value cannot be assigned to.
    const both = { ...inner, numbers: [...names.numbers, `(${value})`] };
    const write = this.draw.one([
      () => `for (const ${name} in { a: 1, b: ${number} }) {\n${this.#block(inner, depth - 1, 2)}}`,
      () =>
        `for (const [${name}, ${value}] of Object.entries({ a: 1, b: ${number} })) {\n${this.#block(both, depth - 1, 2)}}`,
      () =>
        `new Map([["a", 1], ["b", ${number}]]).forEach((${value}, ${name}) => {\n${this.#block(both, depth - 1, 2)}});`,
    ]);
    return [write(), names];
  }

  #recursion(names: Names, depth: number): Written {
    const [name, parameter] = [this.draw.name(), this.draw.name()];
    const inner = { ...names, repeats: true, functions: [], texts: [...names.texts, `String(${parameter})`] };
    const body = `if (${parameter} > 1) return;\n${this.#block(inner, depth - 1, 2)}${name}(${parameter} + 1);`;
    return [`const ${name} = (${parameter}) => {\n${body}\n};\n${name}(0);`, names];
  }

  #try(names: Names, depth: number): Written {
    // What the engine refuses there is caught, and reading tells it as a mistake instead.
    const body = this.#block({ ...names, references: [], referenceLists: [], chained: [] }, 0, 1);
    const thrown = this.draw.one(["", `if (${this.draw.condition(names)}) throw new Error("stop");\n`]);
    const end = this.draw.one(["", ` finally {\n${this.#block(names, depth - 1, 1)}}`]);
    return [`try {\n${thrown}${body}} catch (error) {\n${this.#block(names, depth - 1, 1)}}${end}`, names];
  }
}
