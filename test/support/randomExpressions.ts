import { Chance } from "./chance.js";

/** Names in scope, by what they hold; where something else than a name stands for it, its text. */
export interface Names {
  readonly numbers: readonly string[];
  readonly texts: readonly string[];
  readonly lists: readonly string[];
  /** Results that can be mapped over. */
  readonly references: readonly string[];
  /** Lists of results, which may be empty. */
  readonly referenceLists: readonly string[];
  /** What can only be given to tasks: entries of results, what groups get, and results of tasks in mapped groups. */
  readonly values: readonly string[];
  /** Everything that can stand in `chain`, in the order in which it is made. */
  readonly chained: readonly string[];
  readonly functions: readonly string[];
  /** Groups that are not called yet, with inputs named `x` and `y`. */
  readonly groups: readonly string[];
  /** True in the body of a mapped group, where nothing else can be mapped. */
  readonly inMapped: boolean;
  /** True where the same code may run several times, so that what it names must be named anew. */
  readonly repeats: boolean;
}

/** What the body of a DAG starts with. */
export const NO_NAMES: Names = {
  ...{ numbers: ["3"], texts: [`"t"`], lists: ["[1, 2]"], references: [], referenceLists: [], functions: [] },
  ...{ values: [], chained: [], groups: ["checks"], inMapped: false, repeats: false },
};

/** A piece of code, and what is in scope behind it. */
export type Written = readonly [text: string, names: Names];

/** A reference that can also stand in `chain`. */
export function withReference(names: Names, name: string): Names {
  return { ...names, references: [...names.references, name], chained: [...names.chained, name] };
}

/** Draws expressions of the names in scope; the same seed draws the same. */
export class RandomExpressions extends Chance {
  #names = 0;

  constructor(
    seed: number,
    private readonly flags: readonly string[],
  ) {
    super(seed);
  }

  condition(names: Names): string {
    const number = this.numeric(names);
    return this.one([
      ...this.flags,
      ...this.flags.map((flag) => `!${flag}`),
      `${number} > ${this.numeric(names)}`,
      `${number} % 2 === 0`,
      `${this.one(names.texts)}.length > 3 || ${number} < 2`,
      `!(${number} >= ${this.numeric(names)}) && ${this.one(names.texts)} !== "t"`,
      `${this.one(names.lists)}.includes(${number})`,
      `${this.one(names.lists)}.some((item) => item > ${number})`,
    ]);
  }

  /** What can be given to a task. */
  value(names: Names): string {
    return this.one([
      this.numeric(names),
      this.one(names.texts),
      this.one(names.lists),
      ...names.references,
      ...names.referenceLists,
      ...names.references.map((reference) => `{ deep: [${reference}] }`),
      ...names.references.map((reference) => `\`of \${${reference}}\``),
      ...names.values,
    ]);
  }

  mappable(names: Names): string {
    const list = this.one(names.lists);
    const reference = names.references.length === 0 ? "1" : this.one(names.references);
    return this.one([
      list,
      `[${this.numeric(names)}, ${reference}]`,
      `{ a: ${reference} }`,
      `[...${list}, ${this.numeric(names)}]`,
      ...names.references,
      ...names.referenceLists,
    ]);
  }

  numeric(names: Names): string {
    return this.one([...names.numbers, String(this.below(5))]);
  }

  /** The inside of a template literal, for ids that may be taken already. */
  id(names: Names): string {
    return `n_\${${this.one([this.numeric(names), this.one(names.texts)])}}`;
  }

  /** An expression for an id that nothing else has. */
  freshId(names: Names): string {
    return names.repeats || this.below(3) === 0 ? "unique()" : `"own_${this.name()}"`;
  }

  /** Options that each task may have, with the comma before them; `always` does not go with mapping. */
  options(names: Names): string {
    const rule = this.one(["all_done", "all_failed", "none_failed", "one_success", "one_done", "none_skipped"]);
    const options = this.one([
      ...["", "", "", "", "...shared"],
      `trigger_rule: "${rule}"`,
      `trigger_rule: ${this.condition(names)} ? "${rule}" : "all_success"`,
      `...(${this.condition(names)} ? { trigger_rule: "${rule}" } : {})`,
      `...shared, trigger_rule: undefined`,
      `retries: ${this.numeric(names)}, retry_delay: "5m"`,
      `params: { a: ${this.numeric(names)} }, map_index_template: "{{ task.x }}"`,
      `on_failure_callback: () => undefined, on_success_callback: [() => undefined]`,
      `pool: "default_pool", depends_on_past: true`,
    ]);
    return options === "" ? "" : `, ${options}`;
  }

  name(): string {
    return `v${++this.#names}`;
  }

  one<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }
}
