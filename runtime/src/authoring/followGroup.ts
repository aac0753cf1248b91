import type { SourcePoint } from "#core/model/source.js";
import { AuthoringError } from "./authoringError.js";
import { HANDLE, type Handle } from "./brand.js";
import { checkGroupMapping } from "./checkMapping.js";
import type { MappingDeclaration } from "./declaration.js";
import { currentBuilder } from "./declareTask.js";
import { linkDownstream, linkUpstream } from "./dependencies.js";
import { refusePromise } from "./refusePromise.js";
import { groupMarked } from "./setupTeardown.js";
import { callerOfMethod } from "./sourcePoint.js";
import type { TaskGroupOptions } from "./types/taskGroup.js";
import { argumentOf } from "./xcomArg.js";

type Values = Readonly<Record<string, unknown>>;

/** What `task_group()` was given. */
export interface GroupDefinition {
  readonly options: TaskGroupOptions;
  readonly body: (inputs: never) => unknown;
  /** Names of its inputs; undefined where the text of the body does not tell them. */
  readonly parameters: ReadonlySet<string> | undefined;
}

/**
 * Makes what stands in the body, inside of the group. Of a mapped group the body runs once too, and gets for everything
 * that is mapped a reference to what each instance will get.
 */
export function followGroup(
  definition: GroupDefinition,
  given: Values,
  mapping: MappingDeclaration | null,
  at: SourcePoint | undefined,
): unknown {
  const { group_id: own, prefix_group_id = true, default_args = {} } = definition.options;
  const builder = currentBuilder(`The task group '${own}'`, at);
  const names = mapping === null ? [] : mappedNames(definition, given, mapping, at);
  const sources = mapping === null ? [] : checkGroupMapping(builder, own, mapping, at);
  const group_id = builder.openGroup({
    ...{ group_id: own, prefix_group_id, mapping, mapped: names, given: Object.keys(given), at },
    default_args: { ...default_args },
  });
  try {
    const handle: Handle = Object.freeze({ builder, task_ids: sources });
    const mapped = names.map((name) => [name, argumentOf(handle, group_id, name)] as const);
    const returned = definition.body({ ...given, ...Object.fromEntries(mapped) } as never);
    refusePromise(returned, "a task_group()", at);
    const roots = builder.endsOf(group_id, "roots");
    for (const source of sources) for (const root of roots) builder.addEdge(source, root, at);
    return returned ?? new GroupHandle(Object.freeze({ builder, task_ids: Object.freeze([]), group_id }));
  } finally {
    builder.groups.close();
  }
}

/** The inputs of which each instance gets a value of its own; for `expand_kwargs` all that `partial` did not give. */
function mappedNames(
  { options, parameters }: GroupDefinition,
  given: Values,
  mapping: MappingDeclaration,
  at: SourcePoint | undefined,
): readonly string[] {
  if (mapping.kind === "expand") return Object.keys(mapping.inputs);
  if (parameters !== undefined) return [...parameters].filter((name) => !Object.hasOwn(given, name));
  const message =
    `The body of the task group '${options.group_id}' must name its inputs for expand_kwargs(): ` +
    `write ({ a, b }) => …, without a rest.`;
  throw new AuthoringError("invalid-argument", message, at);
}

/** What stands for a whole group in `chain` and its kin. */
class GroupHandle {
  readonly group_id: string;

  constructor(handle: Handle) {
    this.group_id = handle.group_id ?? "";
    Object.defineProperty(this, HANDLE, { value: handle });
    Object.freeze(this);
  }

  as_setup(): never {
    throw groupMarked(callerOfMethod(this, "as_setup"));
  }

  as_teardown(): never {
    throw groupMarked(callerOfMethod(this, "as_teardown"));
  }

  set_downstream(other: unknown): void {
    linkDownstream(this, other, callerOfMethod(this, "set_downstream"));
  }

  set_upstream(other: unknown): void {
    linkUpstream(this, other, callerOfMethod(this, "set_upstream"));
  }
}
