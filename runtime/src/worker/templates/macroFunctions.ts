import { type Surroundings, evaluate } from "./evaluate.js";
import type { Scope } from "./scope.js";
import type { Arguments } from "#core/templates/syntax.js";
import { TemplateError } from "./templateError.js";
import { PythonFunction, Tuple, Undefined } from "./values.js";

/** What `{% macro %}` makes: a function that gives text. */
export function makeMacro(
  name: string,
  { children }: Arguments,
  scope: Scope,
  around: Surroundings,
  body: (inner: Scope) => string,
): PythonFunction {
  const required = children.flatMap((child) => (child.typename === "Symbol" ? [child.value] : []));
  const optional = children.flatMap((child) => (child.typename === "KeywordArgs" ? child.children : []));
  const names = [...required, ...optional.map(({ key }) => (key.typename === "Symbol" ? key.value : ""))];
  return new PythonFunction(name, (args, keywords) => {
    const inner = scope.child();
    names.forEach((parameter, place) => {
      const byDefault = optional.find(({ key }) => key.typename === "Symbol" && key.value === parameter);
      if (place < args.length) inner.set(parameter, args[place]);
      else if (Object.hasOwn(keywords, parameter)) inner.set(parameter, keywords[parameter]);
      else if (byDefault) inner.set(parameter, evaluate(byDefault.value, inner, around));
      else inner.set(parameter, new Undefined(`'${name}' was called without '${parameter}'`));
    });
    const unknown = Object.keys(keywords).find((keyword) => keyword !== "caller" && !names.includes(keyword));
    if (unknown !== undefined) throw new TemplateError(`${name}() got an unexpected keyword argument '${unknown}'`);
    if (Object.hasOwn(keywords, "caller")) inner.set("caller", keywords["caller"]);
    inner.set("varargs", Tuple.of2(args.slice(names.length)));
    return body(inner);
  });
}
