import type { ProjectOptions } from "#core/configuration.js";
import { createRule, type Fix } from "./createRule.js";
import { replaceValue } from "./support/edits.js";
import { constantOf, type GivenOption, givenOptions } from "./support/givenOptions.js";

/** There always is one. Its size depends on where the engine runs. */
const DEFAULT_POOL = "default_pool";

export const unknownPool = createRule({
  meta: {
    name: "unknown-pool",
    category: "dag",
    defaultSeverity: "error",
    description: "A task's `pool` must be one that the project's configuration names, with slots enough for the task.",
    messages: {
      unknown: "There is no pool '{pool}'. Add it to 'pools' of 'fanout.config.json', with its number of slots.",
      tooSmall: "An instance takes {needed} slots of the pool '{pool}', which has {slots}, so it can never run.",
    },
    fixable: true,
    options: [],
    prevents: "unknown-pool",
    phases: [1],
    dtm: [],
  },
  *check(facts, project) {
    for (const given of givenOptions(facts)) {
      const { option, of, site } = given;
      const pool = constantOf(option.value)?.value;
      if (of !== "task" || option.name !== "pool" || typeof pool !== "string" || pool === "") continue;
      const slots = slotsOf(pool, project);
      if (slots === undefined) {
        const fixes = fixesFor(given, pool, project);
        yield { messageId: "unknown", data: { pool }, node: option.expression, site, fixes };
        continue;
      }
      const needed = slotsTaken(given);
      if (needed === undefined || needed.count <= slots) continue;
      const data = { pool, slots: String(slots), needed: String(needed.count) };
      yield { messageId: "tooSmall", data, node: needed.node, site };
    }
  },
});

function slotsOf(pool: string, { pools }: ProjectOptions): number | undefined {
  if (Object.hasOwn(pools, pool)) return pools[pool];
  return pool === DEFAULT_POOL ? Infinity : undefined;
}

/** Of the same task only: defaults may meet each other in any combination. */
function slotsTaken({ task }: GivenOption) {
  const given = task?.options.find(({ name }) => name === "pool_slots");
  const count = given && constantOf(given.value)?.value;
  return given !== undefined && typeof count === "number" ? { count, node: given.expression } : undefined;
}

function fixesFor({ option }: GivenOption, pool: string, { pools }: ProjectOptions): readonly Fix[] {
  const known = [...Object.keys(pools), DEFAULT_POOL].find((name) => name.toLowerCase() === pool.trim().toLowerCase());
  const names = known === undefined ? [...Object.keys(pools), DEFAULT_POOL].slice(0, 5) : [known];
  return names.flatMap((name) => {
    const edit = replaceValue(option.property, JSON.stringify(name));
    return edit === undefined ? [] : [{ title: `Use the pool '${name}'`, edits: [edit] }];
  });
}
