import path from "node:path";
import type { DagDeclaration, TaskDeclaration } from "../../authoring/declaration.js";
import type { Context } from "../../authoring/types/context.js";
import { isTemplate } from "../../authoring/values.js";
import { FanoutError } from "../../errors.js";
import { bundleFile } from "../../pool/runtimeFiles.js";
import { requireBundle } from "../../requireBundle.js";
import type { TemplateBundle, TemplateProblem, TemplateSettings, Templates } from "./engine.js";

/** Renders the templates of one DAG. What they are rendered with is loaded when the first of them is met. */
export class Renderer {
  readonly #settings: TemplateSettings & { readonly isNative: boolean };
  #engine: Templates | undefined;

  constructor({ policy, at }: Pick<DagDeclaration, "policy" | "at">, file: string | undefined) {
    const folder = path.dirname(file ?? at?.file ?? path.resolve("dag.ts"));
    const others = policy.template_searchpath.map((one) => path.resolve(folder, one));
    this.#settings = { folders: [folder, ...others], isNative: policy.render_template_as_native_obj };
  }

  /** A text for people, whatever the DAG wants its inputs to become. */
  text(template: string, context: Context, place: TemplatePlace): string {
    return String(this.#render(template, context, place, true));
  }

  /** What stands for a text: itself, unless it is a template, or by its ending the name of a template file. */
  render(text: string, context: Context, place: TemplatePlace): unknown {
    return this.#render(text, context, place, !this.#settings.isNative);
  }

  #render(text: string, context: Context, place: TemplatePlace, asText: boolean): unknown {
    const isFile = place.extensions?.some((extension) => text.endsWith(extension)) === true;
    if (!isFile && !isTemplate(text)) return text;
    const { createTemplates } = requireBundle<TemplateBundle>(bundleFile("templates.cjs"));
    this.#engine ??= createTemplates(this.#settings);
    try {
      return this.#engine.render({ text, isFile, asText }, context);
    } catch (thrown) {
      const problem = this.#engine.problemOf(thrown);
      throw problem === null ? thrown : failed(problem, place, this.#settings.folders);
    }
  }
}

/** Where a template stands, for messages. */
export interface TemplatePlace extends Pick<TaskDeclaration, "task_id" | "at"> {
  /** Of the input, or of the option. */
  readonly name: string;
  /** Endings by which a text names a template file. */
  readonly extensions?: readonly string[];
}

function failed(
  { reason, line, file }: TemplateProblem,
  { name, task_id, at }: TemplatePlace,
  folders: readonly string[],
): FanoutError {
  const where = line === null ? "" : ` in line ${line}`;
  const whose =
    file === null
      ? `The template in '${name}' of '${task_id}'`
      : `The template '${nameIn(folders, file)}' of '${task_id}'`;
  return new FanoutError("template-failed", `${whose} fails${where}: ${reason}.`, { at, advice: adviceFor(reason) });
}

/** A template file as the person knows it: seen from the DAG file, or from the folder that it was found in. */
function nameIn(folders: readonly string[], file: string): string {
  const folder = folders.find((one) => file.startsWith(one + path.sep));
  return folder === undefined ? file : path.relative(folder, file).replaceAll(path.sep, "/");
}

function adviceFor(reason: string): string {
  if (reason.includes("is undefined")) return "Give it a default, as in {{ name | default('') }}, or correct the name.";
  if (reason.includes("there is no template"))
    return "Put it beside the DAG file, or name its folder in template_searchpath.";
  if (reason.includes("cannot be read")) return "Where {{ is meant as it is, write {% raw %}…{% endraw %} around it.";
  return "docs/templates.md tells what templates can do.";
}
