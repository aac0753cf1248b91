import { ts } from "ts-morph";
import { unwrap } from "../symbols.js";
import type { Value } from "../value.js";

/** The interpreter does not follow dates, but it knows where one is made: `new Date("2024-01-01")`. */
export function dateOf(value: Value | undefined): Date | undefined {
  const made = value?.type === "unknown" ? value.node : undefined;
  if (made === undefined || !ts.isNewExpression(made) || made.expression.getText() !== "Date") return undefined;
  const args = (made.arguments ?? []).map(literalOf);
  const [first, ...others] = args.filter((arg) => arg !== undefined);
  if (first === undefined || others.length + 1 < args.length) return undefined;
  const numbers = [first, ...others].map(Number) as [number, number];
  return args.length === 1 ? new Date(first) : new Date(...numbers);
}

function literalOf(node: ts.Expression): string | number | undefined {
  const inner = unwrap(node);
  if (ts.isStringLiteralLike(inner)) return inner.text;
  return ts.isNumericLiteral(inner) ? Number(inner.text) : undefined;
}
