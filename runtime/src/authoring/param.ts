const brand = Symbol.for("fanout.param");

/** What a param must be: the keywords of JSON schema (draft 2020-12), and a description for people. */
export interface ParamSchema {
  /** For people. */
  readonly description?: string;
  /** `string`, `number`, `integer`, `boolean`, `array`, `object`, `null`, or a list of them. */
  readonly type?: string | readonly string[];
  /** The values that are allowed. */
  readonly enum?: readonly unknown[];
  /** Any other keyword, such as `minimum`, `maxLength`, `pattern`, `format` or `items`. */
  readonly [keyword: string]: unknown;
}

/**
 * A param of a DAG or task that says what its value must be. Without a default it has to be given when the run starts.
 *
 * ```ts
 * params: { n: new Param(3, { type: "integer", minimum: 1 }), city: new Param(undefined, { type: "string" }) }
 * ```
 */
export class Param<T = unknown> {
  /** The default; undefined where the run has to give a value. */
  readonly value: T | undefined;
  /** For people. */
  readonly description: string | undefined;
  /** What the value must be; empty for anything. */
  readonly schema: Readonly<Record<string, unknown>>;

  constructor(value?: T, { description, ...schema }: ParamSchema = {}) {
    this.value = value;
    this.description = description;
    this.schema = Object.freeze(schema);
    Object.defineProperty(this, brand, { value: true });
    Object.freeze(this);
  }

  /** True for those of every copy of fanout in this process. */
  static is(value: unknown): value is Param {
    return typeof value === "object" && value !== null && brand in value;
  }
}
