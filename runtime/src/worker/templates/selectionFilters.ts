import { findCheck } from "./checks.js";
import type { Filter, Filters } from "./filter.js";
import { pathOf } from "./listFilters.js";
import { TemplateError } from "./templateError.js";
import { toText } from "./text.js";
import { Undefined, isTruthy, itemsOf } from "./values.js";

/** Those of Jinja's filters that take the name of another one, or of a test. */
export function selectionFilters(findFilter: (name: string) => Filter | undefined): Filters {
  return {
    map: (value, args, keywords) => {
      const { attribute, default: byDefault, ...others } = keywords;
      if (attribute !== undefined) {
        return itemsOf(value).map((item) => {
          const found = pathOf(item, attribute);
          return found instanceof Undefined && byDefault !== undefined ? byDefault : found;
        });
      }
      const [name, ...given] = args;
      const apply = findFilter(toText(name));
      if (apply === undefined) throw new TemplateError(`there is no filter '${toText(name)}'`);
      return itemsOf(value).map((item) => apply(item, given, others));
    },
    select: selection(false, true),
    reject: selection(false, false),
    selectattr: selection(true, true),
    rejectattr: selection(true, false),
  };
}

function selection(isByAttribute: boolean, isKept: boolean): Filter {
  return (value, args) => {
    const [attribute, ...rest] = isByAttribute ? args : [null, ...args];
    const [name, ...given] = rest;
    const check = name === undefined ? isTruthy : checkNamed(toText(name), given);
    return itemsOf(value).filter((item) => check(isByAttribute ? pathOf(item, attribute) : item) === isKept);
  };
}

function checkNamed(name: string, given: readonly unknown[]): (value: unknown) => boolean {
  const check = findCheck(name);
  if (check === undefined) throw new TemplateError(`there is no test '${name}'`);
  return (value) => check(value, given);
}
