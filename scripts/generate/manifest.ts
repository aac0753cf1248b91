import { RULE_SEVERITIES } from "#core/settings.js";
import {
  COMMAND_CATEGORY,
  VIEW_IDS,
  activationEvents,
  capabilities,
  commands,
  menus,
  settings,
  typescriptServerPlugins,
  views,
  viewsWelcome,
} from "../../client/src/contributions.js";
import { walkthroughSteps } from "../../client/src/walkthrough.js";
import type { CommandContribution } from "../../client/src/contributions.js";
import type { RuleMeta } from "../../server/src/rules/createRule.js";
import { SCHEMAS } from "./configurationSchema.js";

/** What is known of a command, by id. */
export const commandEntries: readonly (readonly [string, CommandContribution])[] = Object.entries(commands);

/** The manifest's text with its generated parts replaced; everything else stays as it is, in its order. */
export function withContributions(text: string, rules: readonly RuleMeta[]): string {
  const manifest = JSON.parse(text) as Record<string, unknown>;
  const generated = { icon: "media/icon.png", activationEvents, capabilities, contributes: contributes(rules) };
  return `${JSON.stringify({ ...manifest, ...generated }, null, 2)}\n`;
}

function contributes(rules: readonly RuleMeta[]): Record<string, unknown> {
  return {
    commands: commandEntries.map(([command, { title, icon }]) => ({
      command,
      title,
      category: COMMAND_CATEGORY,
      ...(icon === undefined ? {} : { icon }),
    })),
    menus: { commandPalette: paletteEntries(), ...menus },
    configuration: { title: "Fanout", properties: { ...settings, ...ruleSettings(rules) } },
    jsonValidation: Object.entries(SCHEMAS).map(([fileMatch, file]) => ({ fileMatch, url: `./${file}` })),
    viewsContainers: { activitybar: [{ id: VIEW_IDS.container, title: "Fanout", icon: "media/activity.svg" }] },
    views: { [VIEW_IDS.container]: views.map((view) => ({ ...view, icon: "media/activity.svg" })) },
    viewsWelcome,
    typescriptServerPlugins,
    walkthroughs: [walkthrough()],
  };
}

function walkthrough(): Record<string, unknown> {
  return {
    id: "start",
    title: "Get started with Fanout",
    description: "From a first DAG to the log of one mapped instance.",
    steps: walkthroughSteps.map(({ id, title, description, doneBy = [] }) => ({
      id,
      title,
      description,
      media: { markdown: `media/walkthrough/${id}.md` },
      ...(doneBy.length === 0 ? {} : { completionEvents: doneBy.map((command) => `onCommand:${command}`) }),
    })),
  };
}

/** The palette offers every command unless it is told otherwise. */
function paletteEntries(): readonly { command: string; when: string }[] {
  return commandEntries.flatMap(([command, { palette }]) => {
    if (palette === "always") return [];
    return [{ command, when: palette === "never" ? "false" : palette.when }];
  });
}

function ruleSettings(rules: readonly RuleMeta[]): Record<string, unknown> {
  return Object.fromEntries(
    rules.map(({ name, description, defaultSeverity }) => [
      `fanout.rules.${name}`,
      {
        type: "string",
        enum: RULE_SEVERITIES,
        default: "default",
        scope: "resource",
        markdownDescription: `${description} \`default\`: ${defaultSeverity}.`,
      },
    ]),
  );
}
