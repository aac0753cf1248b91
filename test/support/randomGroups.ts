import type { Names, RandomExpressions, Written } from "./randomExpressions.js";

/** Writes the statements of a body. */
export type WriteBlock = (names: Names, depth: number, length: number) => string;

/** Writes groups, mapped and not, called where they are made or later. */
export class RandomGroups {
  constructor(
    private readonly draw: RandomExpressions,
    private readonly block: WriteBlock,
  ) {}

  /** A group that is called where it is made. */
  group(names: Names, depth: number): Written {
    const { draw } = this;
    const [name, x, y] = [draw.name(), draw.name(), draw.name()];
    const isMapped = !names.inMapped && draw.below(2) === 0;
    const inner: Names = { ...names, values: [...names.values, x, y], inMapped: names.inMapped || isMapped };
    const body = this.block(inner, depth - 1, 3);
    const result = draw.one([`return run({ x: ${x}, y: ${y} });`, `run({ x: [${y}] });`, ""]);
    const parameters = draw.one([`{ x: ${x}, y: ${y} }`, `{ x: ${x}, y: ${y} = 3 }`]);
    const group = `task_group({ ${this.#options(names)} }, (${parameters}) => {\n${body}${result}\n})`;
    const text = `const ${name} = ${group}${this.#override(names)}${this.#call(names, isMapped)};`;
    if (!result.startsWith("return")) return [text, { ...names, chained: [...names.chained, name] }];
    return [text, withResult(names, name, isMapped)];
  }

  /** A function that is a group, for `call`. */
  define(names: Names, depth: number): Written {
    const { draw } = this;
    const [name, inputs] = [draw.name(), draw.name()];
    const values = [`${inputs}.x`, `${inputs}.y`];
    // Whether it will be mapped is not known here, nor how often it is called.
    const inner: Names = { ...names, values: [...names.values, ...values], inMapped: true, repeats: true, groups: [] };
    const body = this.block(inner, depth - 1, 3);
    const head = `({ x, y }) => {\nconst ${inputs} = { x, y };`;
    return [
      `const ${name} = task_group({ ${this.#options(names)} }, ${head}\n${body}return run({ x: ${inputs}.x });\n});`,
      { ...names, groups: [...names.groups, name] },
    ];
  }

  call(names: Names): Written {
    const { draw } = this;
    if (names.groups.length === 0) return [";", names];
    const name = draw.name();
    const isMapped = !names.inMapped && draw.below(2) === 0;
    const text = `const ${name} = ${draw.one(names.groups)}${this.#override(names)}${this.#call(names, isMapped)};`;
    return [text, withResult(names, name, isMapped)];
  }

  #options(names: Names): string {
    const id = `\`${this.draw.id(names)}\``;
    return this.draw.one([
      `group_id: "g"`,
      `group_id: "g", prefix_group_id: false`,
      `group_id: ${id}, tooltip: "some"`,
      `group_id: ${id}, default_args: { retries: 1, trigger_rule: "none_failed" }`,
      `group_id: ${id}, default_args: { ...shared }`,
    ]);
  }

  #override(names: Names): string {
    return this.draw.one([
      ...["", "", ""],
      `.override({ group_id: \`o${this.draw.id(names)}\` })`,
      `.override({ default_args: { trigger_rule: "all_done" } })`,
    ]);
  }

  #call(names: Names, isMapped: boolean): string {
    return isMapped ? this.#mapping(names) : `({ x: ${this.draw.value(names)}, y: ${this.draw.value(names)} })`;
  }

  #mapping(names: Names): string {
    const { draw } = this;
    const [one, other] = [draw.mappable(names), draw.mappable(names)];
    return draw.one([
      `.partial({ y: ${draw.value(names)} }).expand({ x: ${one} })`,
      `.expand({ y: ${one}, x: ${other} })`,
      `.expand({ x: ${one}, y: ${other} })`,
      `.expand_kwargs([{ x: ${draw.value(names)}, y: ${draw.value(names)} }])`,
      `.partial({ x: ${draw.value(names)} }).expand_kwargs([{ y: ${draw.value(names)} }, { y: 1 }])`,
      `.expand_kwargs(${draw.one(names.lists)}.map((item) => ({ x: item, y: [item] })))`,
      ...names.references.map((reference) => `.expand_kwargs(${reference})`),
    ]);
  }
}

/** What a group returned; of a mapped one nobody can map over it. */
function withResult(names: Names, name: string, isMapped: boolean): Names {
  const chained = [...names.chained, name];
  return isMapped
    ? { ...names, chained, values: [...names.values, name] }
    : { ...names, chained, references: [...names.references, name] };
}
