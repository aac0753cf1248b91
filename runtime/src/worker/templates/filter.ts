import { type Keywords, python } from "./values.js";

/** What stands behind `|`: gets the value, then what stands in its parentheses. */
export type Filter = (value: unknown, args: readonly unknown[], keywords: Keywords) => unknown;

export type Filters = Readonly<Record<string, Filter>>;

/** A filter with named parameters. */
export function filter(parameters: readonly string[], apply: (value: unknown, given: Keywords) => unknown): Filter {
  return (value, args, keywords) => python("filter", parameters, (given) => apply(value, given)).call(args, keywords);
}
