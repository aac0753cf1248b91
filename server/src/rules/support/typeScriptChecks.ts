import type { ts } from "ts-morph";
import { isCheckedFile } from "../../analysis/checkedFiles.js";
import type { FileFacts } from "../../analysis/facts.js";

/**
 * Whether TypeScript looks for mistakes in the file: a rule that leaves a mistake to it then stays silent. In plain
 * JavaScript nobody but the rule says anything.
 */
export function isCheckedByTypeScript(node: ts.Node, facts: FileFacts): boolean {
  return isCheckedFile(node.getSourceFile(), facts.checksJavaScript);
}
