import { type Names, type RandomExpressions, type Written, withReference } from "./randomExpressions.js";

/** Writes what makes tasks: task functions of every kind, operators, sensors, and functions that make several. */
export class RandomTasks {
  constructor(private readonly draw: RandomExpressions) {}

  task(names: Names): Written {
    const { draw } = this;
    const name = draw.name();
    if (draw.below(9) === 0) return [`const ${name} = ${draw.one(["pick", "stop"])}();`, withReference(names, name)];
    return [`const ${name} = ${this.#function(names)}${this.#call(names)};`, withReference(names, name)];
  }

  /** An expression whose value is a task function. */
  #function(names: Names): string {
    const { draw } = this;
    return draw.one([
      ...["run", "run", "make", "clean", "pair", "rows", "shell", "wait"],
      `run.override({ task_id: \`${draw.id(names)}\`${draw.options(names)} })`,
      `task({ task_id: \`${draw.id(names)}\`${draw.options(names)} }, ({ x, y, z }) => [x, y, z])`,
      `task(function named({ x, y, z }) { return x; })`,
      `task.sensor({ task_id: "looks", timeout: { hours: 1 }${draw.options(names)} }, (inputs) => true)`,
      `(${draw.condition(names)} ? run : rows)`,
    ]);
  }

  #call(names: Names): string {
    const { draw } = this;
    const inputs = draw.one([
      `{ x: ${draw.value(names)} }`,
      `{ x: ${draw.value(names)}, y: ${draw.value(names)} }`,
      `{ x: 1, ...{ y: ${draw.value(names)} } }`,
      "",
    ]);
    const [one, other] = [draw.mappable(names), draw.mappable(names)];
    return draw.one([
      `(${inputs})`,
      `(${inputs})`,
      ...(names.inMapped
        ? []
        : [
            `.expand({ x: ${one} })`,
            `.partial({ y: ${draw.value(names)} }).expand({ x: ${one} })`,
            `.partial({ x: ${draw.value(names)} }).expand({ y: ${one} })`,
            `.expand({ y: ${one}, x: ${other} })`,
            `.expand({ ...{ y: ${one} }, x: ${other} })`,
            `.partial({ y: ${draw.value(names)} }).expand_kwargs(${this.#kwargs(names, "x")})`,
          ]),
    ]);
  }

  #kwargs(names: Names, key: string): string {
    const { draw } = this;
    return draw.one([
      `[{ ${key}: ${draw.value(names)} }]`,
      `[{ ${key}: ${draw.value(names)} }, { ${key}: 1 }]`,
      `${draw.one(names.lists)}.map((item) => ({ ${key}: item }))`,
      ...names.references,
      ...names.references.map((reference) => `[${reference}, { ${key}: 2 }]`),
    ]);
  }

  operator(names: Names): Written {
    const { draw } = this;
    const name = draw.name();
    const head = `task_id: ${draw.freshId(names)}${draw.options(names)}`;
    const isMapped = !names.inMapped && draw.below(2) === 0;
    const made = isMapped ? this.#mapped(names, head) : this.#made(names, head);
    const output = draw.below(3) === 0 ? ".output" : "";
    const scope = { ...names, chained: [...names.chained, name] };
    return [
      `const ${name} = ${made}${output};`,
      { ...scope, references: [...names.references, output === "" ? `${name}.output` : name] },
    ];
  }

  #made(names: Names, head: string): string {
    const { draw } = this;
    const [one, other] = [draw.value(names), draw.value(names)];
    return draw.one([
      `new EmptyOperator({ ${head} })`,
      `step(${draw.freshId(names)}${draw.one(["", `, "none_failed"`])})`,
      `new BashOperator({ ${head}, bash_command: \`echo \${${draw.one(names.texts)}}\`, env: { X: ${one} } })`,
      `new Load({ ${head}, sql: ${one}, limit: ${other} })`,
      `new Big({ sql: ${one}, ${head} })`,
      `new (loadFor(${draw.numeric(names)}))({ ${head}, sql: ${one} })`,
      `new Watch({ ${head}, path: ${one}, mode: "reschedule", poke_interval: { minutes: 1 } })`,
    ]);
  }

  #mapped(names: Names, head: string): string {
    const { draw } = this;
    const [one, other] = [draw.mappable(names), draw.mappable(names)];
    return draw.one([
      `Load.partial({ ${head} }).expand({ sql: ${one} })`,
      `Load.partial({ ${head}, limit: ${draw.value(names)} }).expand({ sql: ${one}, page: ${other} })`,
      `Big.partial({ ${head} }).expand_kwargs(${this.#kwargs(names, "sql")})`,
      `BashOperator.partial({ ${head} }).expand({ bash_command: ${one} })`,
      `Watch.partial({ ${head}, mode: "poke" }).expand({ path: ${one} })`,
      `loadFor(${draw.numeric(names)}).partial({ ${head} }).expand({ sql: ${one} })`,
    ]);
  }

  /** Several tasks by one expression. */
  several(names: Names): Written {
    const { draw } = this;
    const [one, other] = [draw.name(), draw.name()];
    const value = draw.value(names);
    const list = `${draw.one(names.lists)}.slice(0, 3)`;
    const withList = { ...names, referenceLists: [...names.referenceLists, one], chained: [...names.chained, one] };
    return draw.one<() => Written>([
      () => [
        `const { one: ${one}, other: ${other} } = both(${value});`,
        withReference(withReference(names, one), other),
      ],
      () => [`const ${one} = ${list}.map((item) => run({ x: item }));`, withList],
      () => [`const ${one} = each(${list}, (item, index) => step(unique()));`, withList],
      () => [`const ${one} = each(${list}, (x, y) => pair({ x, y }));`, withList],
      () => [
        `const ${one} = new Maker("made_${one}");\n${list}.forEach((item) => ${one}.add(item));`,
        { ...names, referenceLists: [...names.referenceLists, `${one}.made`] },
      ],
      () => [
        `const [${one}, ${other}] = [run({ x: ${value} }), rows()];`,
        withReference(withReference(names, one), other),
      ],
      () => [
        `const ${one} = {};\nfor (const key of ["a", "b"]) ${one}[key] = run({ x: ${value} });`,
        withReference(names, `${one}.a`),
      ],
    ])();
  }

  derive(names: Names): Written {
    const { draw } = this;
    if (names.references.length === 0) return [";", names];
    const [name, one, other] = [draw.name(), draw.one(names.references), draw.one(names.references)];
    if (draw.below(5) === 0) {
      const scope = { ...names, values: [...names.values, name], chained: [...names.chained, name] };
      return [`const ${name} = ${one}.get("a");`, scope];
    }
    const value = draw.one([
      `${one}.map((item) => item)`,
      `${one}.map(String)`,
      `${one}.zip(${other})`,
      `${one}.zip(${other}, ${one}, { fillvalue: ${draw.numeric(names)} })`,
      `${one}.concat(${other})`,
      `${one}.concat(${other}.map((item) => [item])).zip(${one})`,
    ]);
    return [`const ${name} = ${value};`, withReference(names, name)];
  }

  /** Marks what is there already; a task that is marked twice differently refuses the DAG. */
  mark(names: Names): Written {
    const { draw } = this;
    const at = draw.below(names.references.length + 1);
    const [one, other] = [names.references[at], names.references[at + 1]];
    if (one === undefined) return [";", names];
    const setups = draw.one([one, `[${one}]`, `[${one}], on_failure_fail_dagrun: true`]);
    const made = draw.name();
    return draw.one<Written>([
      [`${one}.as_setup();`, names],
      [`${one}.as_teardown();`, names],
      [`${other ?? one}.as_teardown({ setups: ${setups} });`, names],
      [`const ${made} = step(${draw.freshId(names)}).as_setup();`, { ...names, chained: [...names.chained, made] }],
      [`const ${made} = run({ x: ${one} }).as_teardown({ setups: ${setups} });`, withReference(names, made)],
    ]);
  }

  chain(names: Names): Written {
    const { draw } = this;
    const places = [0, 1, 2].map(() => draw.below(names.chained.length)).sort((a, b) => a - b);
    const [one, two, three] = [...new Set(places)].map((place) => names.chained[place]);
    if (one === undefined || two === undefined) return [";", names];
    const isList = (name: string): boolean => names.referenceLists.includes(name);
    const last = three ?? two;
    const statements = [
      `chain(${one}, ${two}${three === undefined ? "" : `, ${three}`});`,
      `cross_downstream([${one}].flat(), [${two}, ${last}].flat());`,
      ...(isList(one)
        ? [`chain(...${one}, ${two});`]
        : [`chain([${one}], ${last});`, `${one}.set_downstream(${last});`]),
      ...(isList(two) ? [] : [`${two}.set_upstream(${one});`]),
      ...(isList(one) || isList(last)
        ? []
        : [`${one}.set_downstream([${two}].flat());`, `chain([${one}], [${last}]);`]),
    ];
    return [draw.one(statements), names];
  }
}
