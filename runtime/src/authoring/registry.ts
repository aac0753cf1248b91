import type { DagDeclaration } from "./declaration.js";
import type { DagBuilder } from "./dagBuilder.js";

/**
 * What all copies of fanout in one process share: the command line, the DAG file's import and a dependency's own
 * installation may each bring one, in ESM or CommonJS, and a task of one is called in the `dag()` of another.
 */
export interface Registry {
  /** The DAG whose body is running; bodies are synchronous, so there is one at most. */
  building: DagBuilder | undefined;
  /** The context of the instance that is running in this process, which runs one at a time; set by the engine. */
  context: unknown;
  /** Renders a text for the running instance; endings say which texts are names of template files. Set by the engine. */
  render: ((text: string, extensions: readonly string[]) => unknown) | undefined;
  /** True while the engine makes the operator of one mapped instance, which must not become a task of its own. */
  instantiating: boolean;
  readonly collectors: Set<(declaration: DagDeclaration) => void>;
  /** Texts that must not be shown. */
  readonly secrets: Set<string>;
  /** Called for every new one; set by the engine. */
  onSecret: (() => void) | undefined;
  /** Connections and variables that a test gives, by name; they go before those of the environment. */
  given: Given | undefined;
}

export interface Given {
  readonly connections?: Readonly<Record<string, unknown>>;
  readonly variables?: Readonly<Record<string, unknown>>;
}

const key = Symbol.for("fanout.registry.1");
const shared = globalThis as unknown as { [key]?: Registry };

export function registry(): Registry {
  return (shared[key] ??= {
    building: undefined,
    context: undefined,
    render: undefined,
    instantiating: false,
    collectors: new Set(),
    secrets: new Set(),
    onSecret: undefined,
    given: undefined,
  });
}

export interface Collected<T> {
  readonly value: T;
  /** In order of their `dag()` calls. */
  readonly dags: readonly DagDeclaration[];
}

/**
 * Runs `load`, usually the import of a DAG file, and returns every DAG whose `dag()` ran meanwhile, wherever it was
 * written and whether or not it is exported. What `load` throws is passed on: see `AuthoringError`.
 */
export async function collectDags<T>(load: () => T | Promise<T>): Promise<Collected<T>> {
  const dags: DagDeclaration[] = [];
  const collector = (declaration: DagDeclaration): void => void dags.push(declaration);
  const { collectors } = registry();
  collectors.add(collector);
  try {
    return { value: await load(), dags };
  } finally {
    collectors.delete(collector);
  }
}
