import { ts } from "ts-morph";

/**
 * Whether TypeScript looks for mistakes in the file: a rule that leaves a mistake to it then stays silent. In plain
 * JavaScript nobody but the rule says anything.
 */
export function isCheckedByTypeScript(node: ts.Node): boolean {
  if ((node.flags & ts.NodeFlags.JavaScriptFile) === 0) return true;
  return /^\s*\/\/\s*@ts-check\b/m.test(node.getSourceFile().text);
}
