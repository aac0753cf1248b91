import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface RuleDoc {
  readonly title: string;
  /** As one line, without backticks being touched. */
  readonly firstParagraph: string;
  /** Second-level headings. */
  readonly headings: readonly string[];
  /** TypeScript under the heading with the cross. */
  readonly wrong: readonly string[];
  /** TypeScript under the heading with the tick. */
  readonly right: readonly string[];
}

export const docsFolder = fileURLToPath(new URL("../../docs/rules/", import.meta.url));

export function readRuleDoc(rule: string): RuleDoc {
  const text = readFileSync(`${docsFolder}${rule}.md`, "utf8");
  const [title = "", firstParagraph = ""] = text.split("\n\n");
  const sections = text.split(/^## /m).slice(1);
  const headings = sections.map((section) => section.slice(0, section.indexOf("\n")));
  const blocks = (sign: string): string[] => codeBlocks(sections.filter((each) => each.startsWith(sign)).join("\n"));
  return {
    title,
    firstParagraph: firstParagraph.replace(/\n/g, " "),
    headings,
    wrong: blocks("❌"),
    right: blocks("✅"),
  };
}

function codeBlocks(text: string): string[] {
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ""]) => code);
}
