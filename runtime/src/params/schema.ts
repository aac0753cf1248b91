import { Ajv, type ErrorObject } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";

/** What `dist/runtime/params.cjs` gives: apart, because few DAGs need the checker of JSON schemas. */
export interface SchemaChecker {
  readonly findProblem: typeof findProblem;
}

export interface SchemaProblem {
  /** True where the schema itself is wrong. */
  readonly isSchema: boolean;
  readonly reason: string;
}

type Schema = Readonly<Record<string, unknown>>;

/** What is wrong with the value, in words that follow a colon; null where the schema allows it. */
export function findProblem(schema: Schema, value: unknown): SchemaProblem | null {
  try {
    const check = checkerFor(schema).compile({ ...schema });
    return check(value) ? null : { isSchema: false, reason: describe(check.errors?.[0]) };
  } catch (thrown) {
    return { isSchema: true, reason: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/** As Airflow: the newest draft, unless the schema names an older one. Keywords for people are let pass. */
function checkerFor(schema: Schema): Ajv | Ajv2020 {
  const options = { strict: false, logger: false, allErrors: false } as const;
  const { $schema } = schema;
  const isOlder = typeof $schema === "string" && /draft-0[4-7]/.test($schema);
  const checker = isOlder ? new Ajv(options) : new Ajv2020(options);
  formats.default(checker);
  return checker;
}

function describe(error: ErrorObject | undefined): string {
  if (error === undefined) return "it is not allowed";
  const where = error.instancePath === "" ? "it" : `'${error.instancePath.slice(1).replaceAll("/", ".")}'`;
  const allowed: unknown = error.params["allowedValues"];
  const values = Array.isArray(allowed) ? ` (${allowed.map((one) => JSON.stringify(one)).join(", ")})` : "";
  return `${where} ${error.message ?? "is not allowed"}${values}`;
}
