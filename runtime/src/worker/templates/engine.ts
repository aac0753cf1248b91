import { readFileSync } from "node:fs";
import path from "node:path";
import type { Context } from "../../authoring/types/context.js";
import { fromPython } from "./access.js";
import { Execution, MissingTemplate } from "./execute.js";
import { literalEval } from "./literalEval.js";
import { namesOf } from "./names.js";
import { parseTemplate } from "./parse.js";
import type { Block } from "#core/templates/syntax.js";
import { TemplateError } from "./templateError.js";

/** What `dist/runtime/templates.cjs` gives: apart, because a run without templates must not pay for them. */
export interface TemplateBundle {
  readonly createTemplates: typeof createTemplates;
}

export interface TemplateSettings {
  /** Where template files lie, in the order in which they are looked for. */
  readonly folders: readonly string[];
}

export interface Template {
  readonly text: string;
  /** The text is the name of a template file. */
  readonly isFile: boolean;
  /** False: what the template gives is a value, as Jinja's native types. */
  readonly asText: boolean;
}

export interface Templates {
  render(template: Template, context: Context): unknown;
  /** What is wrong with a template, where that is why `render` threw. */
  problemOf(thrown: unknown): TemplateProblem | null;
}

/** What went wrong, and where in the template. */
export interface TemplateProblem {
  readonly reason: string;
  /** From 1; null where no line is to blame. */
  readonly line: number | null;
  /** Path of the template file; null for a text of the code. */
  readonly file: string | null;
}

const KEPT_TEMPLATES = 1000;

export function createTemplates({ folders }: TemplateSettings): Templates {
  const library = new Library(folders);
  return {
    render: ({ text, isFile, asText }, context) => {
      const template = isFile ? library.file(text) : library.text(text);
      const execution = new Execution(namesOf(context), (name) => library.file(name));
      return asText ? execution.run(template) : native(execution, template);
    },
    problemOf: (thrown) =>
      thrown instanceof TemplateError ? { reason: thrown.message, line: thrown.line, file: thrown.file } : null,
  };
}

/** As Jinja's `NativeEnvironment`: a single value as it is, and what reads as a Python literal as that. */
function native(execution: Execution, template: Block): unknown {
  const only = execution.onlyValue(template);
  if (only !== undefined && typeof only.value !== "string") return fromPython(only.value);
  const text = only === undefined ? execution.run(template) : (only.value as string);
  const value = literalEval(text);
  return value === undefined ? text : value;
}

/** Templates that were read before. */
class Library {
  readonly #texts = new Map<string, Block>();
  readonly #files = new Map<string, Block>();

  constructor(readonly folders: readonly string[]) {}

  text(source: string): Block {
    const known = this.#texts.get(source);
    if (known !== undefined) return known;
    if (this.#texts.size >= KEPT_TEMPLATES) this.#texts.clear();
    const template = parseTemplate(source);
    this.#texts.set(source, template);
    return template;
  }

  file(name: string): Block {
    const known = this.#files.get(name);
    if (known !== undefined) return known;
    const { file, source } = this.#read(name);
    try {
      const template = Object.assign(parseTemplate(source), { file });
      this.#files.set(name, template);
      return template;
    } catch (thrown) {
      if (thrown instanceof TemplateError) thrown.file ??= file;
      throw thrown;
    }
  }

  /** As Jinja's loader: nothing outside of the folders can be named. */
  #read(name: string): { readonly file: string; readonly source: string } {
    const isInside = name !== "" && !path.isAbsolute(name) && !name.split(/[/\\]/).includes("..");
    for (const folder of isInside ? this.folders : []) {
      const file = path.join(folder, name);
      try {
        return { file, source: readFileSync(file, "utf8") };
      } catch {
        // It may lie in the next one.
      }
    }
    throw new MissingTemplate(name, this.folders);
  }
}
