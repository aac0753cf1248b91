import type { ts } from "ts-morph";
import type { Fix } from "../createRule.js";
import { surround } from "./edits.js";

/** Turn what a task returns into what JSON can carry. What is there only perhaps is for the person to turn. */
export function plainDataFixes(expression: ts.Expression, what: string): readonly Fix[] {
  switch (what) {
    case "a Set":
      return [{ title: "Return a list of its items", edits: surround(expression, "[...", "]") }];
    case "a Map":
      return [{ title: "Return it as an object", edits: surround(expression, "Object.fromEntries(", ")") }];
    case "a BigInt":
      return [
        { title: "Return it as a text", edits: surround(expression, "String(", ")") },
        { title: "Return it as a number", edits: surround(expression, "Number(", ")") },
      ];
    default:
      return [];
  }
}
