import { COMMAND_CATEGORY, settings } from "../../client/src/contributions.js";
import type { SettingContribution } from "../../client/src/contributions.js";
import type { RuleMeta } from "../../server/src/rules/createRule.js";
import { commandEntries } from "./manifest.js";

/** The rules as a Markdown table; `folder` is where their documents lie, seen from the table's file. */
export function ruleTable(rules: readonly RuleMeta[], folder: string): string {
  const rows = rules.map((rule) => [
    `[${rule.name}](${folder}${rule.name}.md)`,
    rule.description,
    rule.defaultSeverity,
    rule.fixable ? "yes" : "",
  ]);
  return table(["rule", "what it finds", "severity", "quick fix"], rows);
}

export function ruleIndex(rules: readonly RuleMeta[]): string {
  const rows = rules.map((rule) => [
    `[${rule.name}](${rule.name}.md)`,
    rule.description,
    rule.defaultSeverity,
    rule.fixable ? "yes" : "",
    rule.prevents === null ? "" : `\`${rule.prevents}\``,
  ]);
  return [
    "# Rules",
    "Each rule is a mistake that Fanout finds while you type; its name is the diagnostic's code. Set another severity with `fanout.rules.<name>`, or silence one place with `// fanout-disable-next-line <name> -- reason`.",
    table(["rule", "what it finds", "severity", "quick fix", "error at run that it prevents"], rows),
  ].join("\n\n");
}

export function settingTable(): string {
  const entries: readonly (readonly [string, SettingContribution])[] = Object.entries(settings);
  const rows = entries.map(([name, { default: value, markdownDescription }]) => [
    `\`${name}\``,
    `\`${JSON.stringify(value)}\``,
    markdownDescription,
  ]);
  const rules = [
    "`fanout.rules.<name>`",
    '`"default"`',
    "Severity of a rule: `default`, `error`, `warning`, `information`, `hint` or `off`.",
  ];
  return table(["setting", "default", "what it does"], [...rows, rules]);
}

/** The palette's commands; the others are buttons beside what they act on. */
export function commandTable(): string {
  const offered = commandEntries.filter(([, { palette }]) => palette !== "never");
  const rows = offered.map(([, { title, description }]) => [`${COMMAND_CATEGORY}: ${title}`, description]);
  return table(["command", "what it does"], rows);
}

/** A Markdown table; cells become one line each. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("\n", " ").replaceAll("|", "\\|");
}
