import { ts } from "ts-morph";
import { unwrap } from "./symbols.js";
import type { Value, Volatile } from "./value.js";
import { unknown } from "./values.js";

type Source = Volatile["source"];

/** What the language gives that is another the next time. */
const GLOBALS: ReadonlyMap<string, Source> = new Map<string, Source>([
  ["Date", "time"],
  ["Date.now", "time"],
  ["Math.random", "random"],
  ["crypto.getRandomValues", "random"],
  ["crypto.randomBytes", "random"],
  ["crypto.randomInt", "random"],
  ["crypto.randomUUID", "random"],
  ["performance.now", "time"],
  ["process.argv", "environment"],
  ["process.cwd", "environment"],
  ["process.env", "environment"],
  ["process.hrtime", "time"],
  ["process.hrtime.bigint", "time"],
  ["process.pid", "random"],
  ["process.platform", "environment"],
  ["process.uptime", "time"],
  ["nanoid", "random"],
  ["uuid.v1", "random"],
  ["uuid.v4", "random"],
  ["uuid.v7", "random"],
]);

/** Modules whose exports stand in that list, and the name they have there. */
const MODULES: ReadonlyMap<string, string> = new Map([
  ["crypto", "crypto"],
  ["node:crypto", "crypto"],
  ["process", "process"],
  ["node:process", "process"],
  ["nanoid", ""],
  ["uuid", "uuid"],
]);

/** The name by which an import from one of those modules stands in the list: `crypto.randomUUID`. */
export function volatileImport(symbol: ts.Symbol): string | undefined {
  const declaration = symbol.declarations?.[0];
  const statement = declaration && ts.findAncestor(declaration, ts.isImportDeclaration);
  if (declaration === undefined || statement === undefined || !ts.isStringLiteral(statement.moduleSpecifier)) {
    return undefined;
  }
  const module = MODULES.get(statement.moduleSpecifier.text);
  if (module === undefined) return undefined;
  if (!ts.isImportSpecifier(declaration)) return module;
  const { text } = declaration.propertyName ?? declaration.name;
  return module === "" ? text : `${module}.${text}`;
}

/** What calling a global gives; undefined where that is always the same. */
export function callVolatile(callee: Value, site: ts.Node): Value | undefined {
  return callee.type === "global" ? readVolatile(callee.name, site) : undefined;
}

/** What reading `process.pid` and its kin gives, and any variable of the environment. */
function readVolatile(name: string, site: ts.Node): Value | undefined {
  const source = GLOBALS.get(name);
  if (source === undefined) return undefined;
  const made = unknown(REASONS[source], site);
  return { ...made, volatile: { source, node: site } };
}

const REASONS: Readonly<Record<Source, string>> = {
  time: "it depends on the time",
  random: "it is random",
  environment: "it depends on the environment",
};

/** What makes the value another one each time. */
function volatilityOf(value: Value | undefined): Volatile | undefined {
  switch (value?.type) {
    case "unknown":
    case "pattern":
    case "union":
    case "list":
      return value.volatile;
    case "bound-method":
      return volatilityOf(value.receiver);
    default:
      return undefined;
  }
}

/** The first such thing in a value, at any depth of lists and dicts. */
export function volatilityIn(value: Value | undefined, seen = new Set<Value>()): Volatile | undefined {
  if (value === undefined || seen.has(value)) return undefined;
  seen.add(value);
  const own = volatilityOf(value);
  if (own !== undefined) return own;
  const inner =
    value.type === "list" ? value.items : value.type === "dict" ? [...value.entries.values()].map((e) => e.value) : [];
  for (const each of inner) {
    const found = volatilityIn(each, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Which expressions were, when they were last looked at, made of something that is another each time. */
export class Volatility {
  readonly #byNode = new Map<ts.Node, Volatile>();

  /** The value of an expression, which is as volatile as the parts that it is made of. */
  carry(node: ts.Expression, value: Value): Value {
    const own = volatilityOf(value);
    const volatile = own ?? (isCertain(value) ? undefined : this.#ofParts(node));
    if (volatile === undefined) {
      if (this.#byNode.size > 0) this.#byNode.delete(node);
      return value;
    }
    this.#byNode.set(node, volatile);
    return own === undefined ? withVolatile(value, volatile) : value;
  }

  /** Of what a condition, loop, id or input depends on. */
  of(node: ts.Node): Volatile | undefined {
    if (this.#byNode.size === 0) return undefined;
    if (ts.isIfStatement(node)) return this.of(node.expression);
    if (!ts.isExpression(node)) return undefined;
    const inner = unwrap(node);
    const own = this.#byNode.get(inner);
    return own ?? (ts.isCallExpression(inner) ? this.of(inner.expression) : undefined);
  }

  #ofParts(node: ts.Expression): Volatile | undefined {
    if (this.#byNode.size === 0) return undefined;
    const find = (part: ts.Node): Volatile | undefined => {
      if (ts.isFunctionLike(part)) return undefined;
      const own = ts.isExpression(part) ? this.#byNode.get(unwrap(part)) : undefined;
      return own ?? ts.forEachChild(part, find);
    };
    return ts.forEachChild(node, find);
  }
}

function isCertain(value: Value): boolean {
  if (value.type === "list") return value.complete;
  return value.type !== "unknown" && value.type !== "pattern" && value.type !== "union";
}

/** A list keeps its identity. */
function withVolatile(value: Value, volatile: Volatile): Value {
  switch (value.type) {
    case "list":
      value.volatile = volatile;
      return value;
    case "unknown":
    case "pattern":
    case "union":
      return { ...value, volatile };
    default:
      return value;
  }
}
