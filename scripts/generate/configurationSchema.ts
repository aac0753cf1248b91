import { AIRFLOW_VERSION, DEFAULT_PROJECT_OPTIONS, FSYNC } from "#core/configuration.js";
import { RULE_SEVERITIES } from "#core/settings.js";
import type { RuleMeta } from "../../server/src/rules/createRule.js";

/** Where the schemas lie in the checkout and in both packages, by the file that they are about. */
export const SCHEMAS = {
  "fanout.config.json": "schemas/fanout.config.schema.json",
  "package.json": "schemas/package.schema.json",
} as const;

const DRAFT = "http://json-schema.org/draft-07/schema#";

/** JSON schema of `fanout.config.json`. A test keeps it equal to what `readConfiguration` accepts. */
export function configurationSchema(rules: readonly RuleMeta[]): string {
  const title = "Configuration of Fanout";
  return write({ $schema: DRAFT, title, ...configuration(rules) });
}

/** JSON schema of what Fanout reads in a `package.json`; an editor takes it beside that of npm. */
export function packageSchema(rules: readonly RuleMeta[]): string {
  const title = "Configuration of Fanout in a package.json";
  return write({ $schema: DRAFT, title, type: "object", properties: { fanout: configuration(rules) } });
}

function configuration(rules: readonly RuleMeta[]): object {
  return {
    description: "What DAGs of this folder and those in it are checked and run with.",
    type: "object",
    additionalProperties: false,
    properties: {
      $schema: { description: "Where this schema lies, for editors." },
      rules: {
        description: "Severities by the rule's name.",
        type: "object",
        additionalProperties: false,
        properties: Object.fromEntries(rules.map((rule) => [rule.name, severity(rule)])),
      },
      pools: {
        description: "The number of slots by the pool's name. 'default_pool' is always there, with 128 slots.",
        type: "object",
        additionalProperties: { type: "integer", minimum: 1 },
        examples: [{ warehouse: 2 }],
      },
      maxMapLength: {
        description:
          "Most entries of a result that is mapped over; 1024 where left out. The environment variable AIRFLOW__CORE__MAX_MAP_LENGTH goes before it.",
        type: ["integer", "null"],
        minimum: 1,
      },
      targetAirflow: {
        description:
          "The version of Airflow that the DAGs shall also run on. What works here and not there is then a mistake.",
        type: ["string", "null"],
        pattern: AIRFLOW_VERSION.source,
        examples: ["2.10", "3.1"],
      },
      fsync: {
        description:
          "What the record of a run outlives besides the end of its processes: 'off', nothing; 'normal', the end of the machine, perhaps without the last moments; 'full', that end with every result.",
        enum: FSYNC,
      },
      workerMemoryMb: {
        description: `Megabytes of memory that a process may take which runs instances; ${String(DEFAULT_PROJECT_OPTIONS.workerMemoryMb)} where left out. An instance that takes more is ended.`,
        type: "integer",
        minimum: 1,
      },
      logMb: {
        description: `Megabytes that are kept of what one try of an instance prints; ${String(DEFAULT_PROJECT_OPTIONS.logMb)} where left out.`,
        type: "integer",
        minimum: 1,
      },
    },
  };
}

function severity({ description, defaultSeverity }: RuleMeta): object {
  return {
    description: `${description} Default: ${defaultSeverity}.`,
    // What VS Code shows in place of the plain text.
    markdownDescription: `${description} \`default\`: ${defaultSeverity}.`,
    enum: RULE_SEVERITIES,
  };
}

function write(schema: object): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}
