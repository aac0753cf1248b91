import { type Surroundings, evaluate } from "./evaluate.js";
import { bindLoop, loopItems } from "./loops.js";
import { makeMacro } from "./macroFunctions.js";
import { Scope } from "./scope.js";
import type {
  Block,
  BlockNode,
  CallerNode,
  Expression,
  ForNode,
  OutputNode,
  Statement,
} from "#core/templates/syntax.js";
import { TemplateError, atLine } from "./templateError.js";
import { toText } from "./text.js";
import { PythonObject, isTruthy } from "./values.js";

/** Finds the templates that others name. Throws `TemplateError` where there is none. */
export type FindTemplate = (name: string) => Block;

type Statements = {
  readonly [T in Statement["typename"]]: (node: Extract<Statement, { readonly typename: T }>, scope: Scope) => string;
};

/** What a template that another one includes or imports gives. */
class ImportedTemplate extends PythonObject {
  readonly typeName = "template";

  constructor(readonly names: Readonly<Record<string, unknown>>) {
    super();
  }

  attribute(name: string): unknown {
    return Object.hasOwn(this.names, name) ? this.names[name] : undefined;
  }

  text(): string {
    return "<template>";
  }
}

/** Executes one template and those that it extends; each of them brings blocks. */
export class Execution implements Surroundings {
  /** By name: the innermost template's block first. */
  readonly #blocks = new Map<string, BlockNode[]>();
  /** Of the blocks that are under way, how often `super()` was followed. */
  readonly #depths: { readonly name: string; readonly depth: number; readonly scope: Scope }[] = [];
  #parent: Block | null = null;

  constructor(
    readonly root: Scope,
    readonly find: FindTemplate,
  ) {}

  /** The text that a template gives. */
  run(template: Block): string {
    for (let current = template; ;) {
      this.#parent = null;
      this.#collectBlocks(current);
      const text = this.#whole(current, this.root.child());
      // What a template says outside of its blocks goes for nothing where it extends another one.
      if (this.#parent === null) return text;
      current = this.#parent;
    }
  }

  #whole(template: Block, scope: Scope): string {
    try {
      return this.#all(template.children, scope);
    } catch (thrown) {
      if (thrown instanceof TemplateError) thrown.file ??= template.file ?? null;
      throw thrown;
    }
  }

  /** The value of the only expression that a template consists of; undefined where it is something else. */
  onlyValue(template: Block): { readonly value: unknown } | undefined {
    const [only, ...others] = template.children.filter((child) => !isEmpty(child));
    if (only?.typename !== "Output" || others.length > 0) return undefined;
    const [expression, ...more] = only.children;
    if (expression === undefined || expression.typename === "TemplateData" || more.length > 0) return undefined;
    return { value: this.#evaluate(expression, this.root.child(), only.lineno) };
  }

  /** The names that a template sets. */
  exportsOf(template: Block): Record<string, unknown> {
    const scope = this.root.child();
    this.#whole(template, scope);
    return scope.exported();
  }

  capture(block: Block, scope: Scope): string {
    return this.#all(block.children, scope.child());
  }

  makeCaller(node: CallerNode, scope: Scope): unknown {
    return makeMacro("caller", node.args, scope, this, (inner) => this.capture(node.body, inner));
  }

  superBlock(scope: Scope): string | undefined {
    const current = this.#depths.at(-1);
    if (current === undefined) return undefined;
    return this.#block(current.name, current.depth + 1, scope);
  }

  #all(statements: readonly Statement[], scope: Scope): string {
    let text = "";
    for (const statement of statements) {
      const execute = this.#statements[statement.typename] as (node: Statement, scope: Scope) => string;
      try {
        text += execute(statement, scope);
      } catch (thrown) {
        throw atLine(thrown, statement.lineno + 1);
      }
    }
    return text;
  }

  #evaluate(node: Expression, scope: Scope, lineno: number): unknown {
    try {
      return evaluate(node, scope, this);
    } catch (thrown) {
      throw atLine(thrown, lineno + 1);
    }
  }

  readonly #statements: Statements = {
    NodeList: ({ children }, scope) => this.#all(children, scope),
    Root: ({ children }, scope) => this.#all(children, scope),
    Output: ({ children }, scope) => this.#output(children, scope),
    If: ({ cond, body, else_ }, scope) => {
      if (isTruthy(evaluate(cond, scope, this))) return this.#all(body.children, scope);
      return else_ ? this.#all([else_], scope) : "";
    },
    For: (node, scope) => this.#loop(node, scope),
    Set: ({ targets, value, body }, scope) => {
      const given = value ?? body;
      const result = given && evaluate(given, scope, this);
      if (targets.length === 1) scope.set(targets[0]?.value ?? "", result);
      else targets.forEach(({ value: name }, place) => scope.set(name, (result as readonly unknown[])[place]));
      return "";
    },
    Do: ({ expression }, scope) => {
      evaluate(expression, scope, this);
      return "";
    },
    With: ({ values, body }, scope) => {
      const inner = scope.child();
      for (const [name, value] of values) inner.set(name, evaluate(value, scope, this));
      return this.#all(body.children, inner);
    },
    Switch: (node, scope) => this.#switch(node, scope),
    Macro: ({ name, args, body }, scope) => {
      scope.set(
        name.value,
        makeMacro(name.value, args, scope, this, (inner) => this.capture(body, inner)),
      );
      return "";
    },
    Block: ({ name }, scope) => (this.#parent === null ? this.#block(name.value, 0, scope) : ""),
    Extends: ({ template }, scope) => {
      this.#parent = this.#template(template, scope);
      return "";
    },
    Include: ({ template, ignoreMissing }, scope) => this.#include(template, ignoreMissing === true, scope),
    Import: ({ template, target, withContext }, scope) => {
      scope.set(target.value, new ImportedTemplate(this.#import(template, withContext === true, scope)));
      return "";
    },
    FromImport: ({ template, names, withContext }, scope) => {
      const exported = this.#import(template, withContext === true, scope);
      for (const child of names.children) {
        const [name, alias] =
          child.typename === "Pair" ? [child.key.value, child.value.value] : [child.value, child.value];
        if (!Object.hasOwn(exported, name)) throw new TemplateError(`the template does not set '${name}'`);
        scope.set(alias, exported[name]);
      }
      return "";
    },
  };

  #output(children: OutputNode["children"], scope: Scope): string {
    return children
      .map((child) => (child.typename === "TemplateData" ? child.value : toText(evaluate(child, scope, this))))
      .join("");
  }

  #loop(node: ForNode, scope: Scope): string {
    const { items, condition } = loopItems(node, scope, this);
    const inner = (item: unknown): Scope => bindLoop(node, item, scope);
    const kept = condition ? items.filter((item) => isTruthy(evaluate(condition, inner(item), this))) : items;
    if (kept.length === 0) return node.else_ ? this.#all(node.else_.children, scope.child()) : "";
    return kept
      .map((item, index) => this.#all(node.body.children, bindLoop(node, item, scope, { kept, index })))
      .join("");
  }

  #switch({ expr, cases, default: otherwise }: Extract<Statement, { typename: "Switch" }>, scope: Scope): string {
    const value = evaluate(expr, scope, this);
    const found = cases.findIndex(({ cond }) => evaluate(cond, scope, this) === value);
    const body = found < 0 ? otherwise : cases.slice(found).find((one) => one.body.children.length > 0)?.body;
    return body ? this.#all(body.children, scope) : "";
  }

  #block(name: string, depth: number, scope: Scope): string {
    const node = this.#blocks.get(name)?.[depth];
    if (node === undefined) throw new TemplateError(`there is no block '${name}' to be found`);
    this.#depths.push({ name, depth, scope });
    try {
      return this.#all(node.body.children, scope.child());
    } finally {
      this.#depths.pop();
    }
  }

  #collectBlocks(block: Block): void {
    for (const node of blocksIn(block)) {
      const known = this.#blocks.get(node.name.value);
      if (known) known.push(node);
      else this.#blocks.set(node.name.value, [node]);
    }
  }

  #template(expression: Expression, scope: Scope): Block {
    return this.find(toText(evaluate(expression, scope, this)));
  }

  #include(expression: Expression, ignoreMissing: boolean, scope: Scope): string {
    const given = evaluate(expression, scope, this);
    const names = (Array.isArray(given) ? given : [given]).map(toText);
    for (const [place, name] of names.entries()) {
      try {
        return new Execution(scope, this.find).run(this.find(name));
      } catch (thrown) {
        const isMissing = thrown instanceof MissingTemplate && thrown.template === name;
        if (!isMissing) throw thrown;
        if (place === names.length - 1 && !ignoreMissing) throw thrown;
      }
    }
    return "";
  }

  #import(expression: Expression, withContext: boolean, scope: Scope): Record<string, unknown> {
    const root = withContext ? scope : new Scope(null);
    return new Execution(root, this.find).exportsOf(this.#template(expression, scope));
  }
}

/** A template that lies nowhere. */
export class MissingTemplate extends TemplateError {
  constructor(
    readonly template: string,
    folders: readonly string[],
  ) {
    super(`there is no template '${template}' in ${folders.map((folder) => `'${folder}'`).join(" or ")}`);
  }
}

/** All blocks of a template, those inside of other statements included. */
function blocksIn(node: unknown): BlockNode[] {
  if (typeof node !== "object" || node === null) return [];
  if (Array.isArray(node)) return node.flatMap(blocksIn);
  const { typename, children, body, else_, cases } = node as Readonly<Record<string, unknown>>;
  const inner = [children, body, else_, cases].flatMap(blocksIn);
  return typename === "Block" ? [node as BlockNode, ...inner] : inner;
}

function isEmpty(statement: Statement): boolean {
  if (statement.typename !== "Output") return false;
  return statement.children.every((child) => child.typename === "TemplateData" && child.value === "");
}
