// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- whoever reads only this file must find it too
/// <reference path="./nunjucks.d.ts" />
import lexer from "nunjucks/src/lexer.js";
import nodes from "nunjucks/src/nodes.js";
import parser, { type Token } from "nunjucks/src/parser.js";
import { TemplateError } from "./templateError.js";
import type { Block } from "./syntax.js";

const CLOSING: Readonly<Record<string, string>> = {
  "left-paren": "right-paren",
  "left-bracket": "right-bracket",
  "left-curly": "right-curly",
};

type Operators = Readonly<Record<string, typeof nodes.Add>>;

const SUMS: Operators = { "+": nodes.Add, "-": nodes.Sub };
const JOINS: Operators = { "~": nodes.Concat };
const PRODUCTS: Operators = { "*": nodes.Mul, "/": nodes.Div, "//": nodes.FloorDiv, "%": nodes.Mod };
const END: Token = { type: "", value: "", lineno: 0, colno: 0 };

/** nunjucks' parser with what Jinja has beside it: slices, tuples, any keys in dicts, `{% do %}` and `{% with %}`. */
class JinjaParser extends parser.Parser {
  override parseAggregate(): unknown {
    const start = this.nextToken();
    const closing = CLOSING[start?.type ?? ""];
    if (start === null || closing === undefined) return this.fail("a value is missing", start?.lineno, start?.colno);
    const node = emptyNode(start) as { children: unknown[] };
    let hasComma = false;
    while (!this.skip(closing)) {
      if (node.children.length > 0 && !hasComma) this.fail("expected a comma", start.lineno, start.colno);
      node.children.push(this.#entry(start));
      hasComma = this.skip("comma");
    }
    return start.type === "left-paren" && hasComma ? Object.assign(node, { isTuple: true }) : node;
  }

  override parseStatement(): unknown {
    const { lineno, colno } = this.#peeked();
    if (this.skipSymbol("do")) {
      const expression = this.parseExpression();
      this.advanceAfterBlockEnd("do");
      return { typename: "Do", lineno, colno, expression };
    }
    return this.skipSymbol("with") ? this.#with(lineno, colno) : super.parseStatement();
  }

  /** nunjucks takes `a * b % c` for `a * (b % c)`: here operators of one rank go from left to right, as in Python. */
  override parseConcat(): unknown {
    return this.#leftToRight(SUMS, () =>
      this.#leftToRight(JOINS, () => this.#leftToRight(PRODUCTS, () => this.parsePow())),
    );
  }

  /** At the end of a template there is none. */
  #peeked(): Token {
    return this.peekToken() ?? END;
  }

  #leftToRight(operators: Operators, operand: () => unknown): unknown {
    let node = operand();
    for (;;) {
      const { type, value, lineno, colno } = this.#peeked();
      const Node = type === "operator" || type === "tilde" ? operators[value] : undefined;
      if (Node === undefined) return node;
      this.nextToken();
      node = new Node(lineno, colno, node, operand());
    }
  }

  #with(lineno: number, colno: number): unknown {
    const values: (readonly [string, unknown])[] = [];
    while (this.#peeked().type === "symbol") {
      const name = this.nextToken()?.value ?? "";
      const sign = this.nextToken();
      if (sign?.value !== "=") this.fail("expected '='", lineno, colno);
      values.push([name, this.parseExpression()]);
      this.skip("comma");
    }
    this.advanceAfterBlockEnd("with");
    const body = this.parseUntilBlocks("endwith");
    this.advanceAfterBlockEnd();
    return { typename: "With", lineno, colno, values, body };
  }

  #entry(start: Token): unknown {
    if (start.type === "left-bracket") return this.#sliceOrValue(start);
    const first = this.parseExpression();
    if (start.type !== "left-curly") return first;
    if (!this.skip("colon")) this.fail("expected ':' after the key of a dict", start.lineno, start.colno);
    return new nodes.Pair(start.lineno, start.colno, first, this.parseExpression());
  }

  override parsePostfix(value: unknown): unknown {
    const node = super.parsePostfix(value) as { readonly typename?: string; readonly val?: unknown } | null;
    if (node?.typename === "LookupVal" && !node.val) this.fail("an index is missing");
    return node;
  }

  #sliceOrValue({ lineno, colno }: Token): unknown {
    const isEnd = (): boolean => ["right-bracket", "comma", "colon"].includes(this.#peeked().type);
    const part = (): unknown => (isEnd() ? null : this.parseExpression());
    const start = part();
    // nunjucks does not tell `value["name"]` from `value.name`, which Python does.
    if (!this.skip("colon")) return typeof start === "object" ? Object.assign(start ?? {}, { isIndex: true }) : start;
    const stop = part();
    const step = this.skip("colon") ? part() : null;
    return { typename: "Slice", lineno, colno, start, stop, step };
  }
}

function emptyNode({ type, lineno, colno }: Token): object {
  if (type === "left-paren") return new nodes.Group(lineno, colno);
  return type === "left-bracket" ? new nodes.Array(lineno, colno) : new nodes.Dict(lineno, colno);
}

/** Reads a template. Throws `TemplateError` with its line where it cannot be read. */
export function parseTemplate(source: string): Block {
  // As Jinja: the line break at the very end does not count.
  const tokens = lexer.lex(source.replace(/\r?\n$/, ""), {});
  try {
    return new JinjaParser(tokens).parseAsRoot() as Block;
  } catch (thrown) {
    const { message, lineno } = thrown as { readonly message: string; readonly lineno?: number };
    const reason = message.replace(/^parse\w+: /, "").replace(/^Template render error: /, "");
    throw new TemplateError(`it cannot be read: ${reason}`, lineno ?? tokens.lineno + 1);
  }
}
