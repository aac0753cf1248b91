import { TemplateError } from "./templateError.js";
import { toRepr } from "./text.js";
import { PythonFunction, Tuple, compare, isEqual, isTruthy, itemsOf, python } from "./values.js";
import { isDict } from "../../authoring/brand.js";

type Dict = Record<string, unknown>;

const DICT: Readonly<Record<string, (dict: Dict) => PythonFunction>> = {
  items: (dict) => python("items", [], () => Object.entries(dict).map((entry) => Tuple.of2(entry))),
  keys: (dict) => python("keys", [], () => Object.keys(dict)),
  values: (dict) => python("values", [], () => Object.values(dict)),
  get: (dict) =>
    python("get", ["key", "default"], ({ key, default: byDefault = null }) =>
      Object.hasOwn(dict, String(key)) ? dict[String(key)] : byDefault,
    ),
  copy: (dict) => python("copy", [], () => ({ ...dict })),
  update: (dict) =>
    new PythonFunction("update", ([other = {}], keywords) => {
      Object.assign(dict, isDict(other) ? other : Object.fromEntries(itemsOf(other) as [string, unknown][]), keywords);
      return null;
    }),
  setdefault: (dict) =>
    python("setdefault", ["key", "default"], ({ key, default: byDefault = null }) => {
      if (!Object.hasOwn(dict, String(key))) dict[String(key)] = byDefault;
      return dict[String(key)];
    }),
  pop: (dict) =>
    new PythonFunction("pop", ([key, ...rest]) => {
      const name = String(key);
      if (!Object.hasOwn(dict, name) && rest.length === 0) throw new TemplateError(`KeyError: ${toRepr(key)}`);
      const value = Object.hasOwn(dict, name) ? dict[name] : rest[0];
      Reflect.deleteProperty(dict, name);
      return value;
    }),
  clear: (dict) =>
    python("clear", [], () => {
      for (const name of Object.keys(dict)) Reflect.deleteProperty(dict, name);
      return null;
    }),
};

const LIST: Readonly<Record<string, (list: unknown[]) => PythonFunction>> = {
  append: (list) => python("append", ["item"], ({ item }) => none(list.push(item))),
  extend: (list) => python("extend", ["items"], ({ items }) => none(list.push(...itemsOf(items)))),
  insert: (list) => python("insert", ["index", "item"], ({ index, item }) => none(list.splice(Number(index), 0, item))),
  remove: (list) => python("remove", ["item"], ({ item }) => none(list.splice(placeOf(list, item), 1))),
  pop: (list) =>
    python("pop", ["index"], ({ index = -1 }) => {
      const place = Number(index) < 0 ? list.length + Number(index) : Number(index);
      if (place < 0 || place >= list.length) throw new TemplateError("pop index out of range");
      return list.splice(place, 1)[0];
    }),
  index: (list) => python("index", ["item"], ({ item }) => placeOf(list, item)),
  count: (list) => python("count", ["item"], ({ item }) => list.filter((one) => isEqual(one, item)).length),
  copy: (list) => python("copy", [], () => [...list]),
  clear: (list) => python("clear", [], () => none((list.length = 0))),
  reverse: (list) => python("reverse", [], () => none(list.reverse())),
  sort: (list) =>
    python("sort", ["reverse"], ({ reverse = false }) => {
      list.sort((one, other) => compare(one, other) * (isTruthy(reverse) ? -1 : 1));
      return null;
    }),
};

/** A method of Python's `dict`, bound to the dict; undefined where it has none of this name. */
export function dictMethod(dict: Dict, name: string): PythonFunction | undefined {
  return Object.hasOwn(DICT, name) ? DICT[name]?.(dict) : undefined;
}

/** The same of Python's `list`. */
export function listMethod(list: unknown[], name: string): PythonFunction | undefined {
  return Object.hasOwn(LIST, name) ? LIST[name]?.(list) : undefined;
}

/** What Python's methods give that change a list. */
function none(_: unknown): null {
  return null;
}

function placeOf(list: readonly unknown[], item: unknown): number {
  const place = list.findIndex((one) => isEqual(one, item));
  if (place < 0) throw new TemplateError(`${toRepr(item)} is not in list`);
  return place;
}
