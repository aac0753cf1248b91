import type { NodeClass, Nunjucks, Parser, ParserClass, Token } from "./nunjucks.js";
import type { Block } from "./syntax.js";

/** Why a template cannot be read, in words that can follow a colon. */
export class TemplateSyntaxError extends Error {
  constructor(
    message: string,
    /** From 1. */
    readonly line: number,
  ) {
    super(message);
  }
}

/** Reads templates. Throws `TemplateSyntaxError` where one cannot be read. */
export type ParseTemplate = (source: string) => Block;

/** nunjucks' parser with what Jinja has beside it: slices, tuples, any keys in dicts, `{% do %}` and `{% with %}`. */
export function templateParser({ lexer, nodes, parser }: Nunjucks): ParseTemplate {
  const JinjaParser = withStatements(withAggregates(withOperators(parser.Parser, nodes), nodes));
  return (source) => {
    // As Jinja: the line break at the very end does not count.
    const tokens = lexer.lex(source.replace(/\r?\n$/, ""), {});
    try {
      return new JinjaParser(tokens).parseAsRoot() as Block;
    } catch (thrown) {
      const { message, lineno } = thrown as { readonly message: string; readonly lineno?: number };
      const reason = message.replace(/^parse\w+: /, "").replace(/^Template render error: /, "");
      throw new TemplateSyntaxError(reason, lineno ?? tokens.lineno + 1);
    }
  };
}

type Nodes = Nunjucks["nodes"];
type Operators = Readonly<Record<string, NodeClass>>;

const END: Token = { type: "", value: "", lineno: 0, colno: 0 };

/** At the end of a template there is none. */
function peeked(parser: Parser): Token {
  return parser.peekToken() ?? END;
}

/** nunjucks takes `a * b % c` for `a * (b % c)`: here operators of one rank go from left to right, as in Python. */
function withOperators(Base: ParserClass, nodes: Nodes): ParserClass {
  const sums: Operators = { "+": nodes.Add, "-": nodes.Sub };
  const joins: Operators = { "~": nodes.Concat };
  const products: Operators = { "*": nodes.Mul, "/": nodes.Div, "//": nodes.FloorDiv, "%": nodes.Mod };
  return class extends Base {
    override parseConcat(): unknown {
      return leftToRight(this, sums, () =>
        leftToRight(this, joins, () => leftToRight(this, products, () => this.parsePow())),
      );
    }

    override parsePostfix(value: unknown): unknown {
      const node = super.parsePostfix(value) as { readonly typename?: string; readonly val?: unknown } | null;
      if (node?.typename === "LookupVal" && !node.val) this.fail("an index is missing");
      return node;
    }
  };
}

function leftToRight(parser: Parser, operators: Operators, operand: () => unknown): unknown {
  let node = operand();
  for (;;) {
    const { type, value, lineno, colno } = peeked(parser);
    const Node = type === "operator" || type === "tilde" ? operators[value] : undefined;
    if (Node === undefined) return node;
    parser.nextToken();
    node = new Node(lineno, colno, node, operand());
  }
}

const CLOSING: Readonly<Record<string, string>> = {
  "left-paren": "right-paren",
  "left-bracket": "right-bracket",
  "left-curly": "right-curly",
};

function withAggregates(Base: ParserClass, nodes: Nodes): ParserClass {
  return class extends Base {
    override parseAggregate(): unknown {
      const start = this.nextToken();
      const closing = CLOSING[start?.type ?? ""];
      if (start === null || closing === undefined) return this.fail("a value is missing", start?.lineno, start?.colno);
      const node = emptyNode(start, nodes) as { children: unknown[] };
      let hasComma = false;
      while (!this.skip(closing)) {
        if (node.children.length > 0 && !hasComma) this.fail("expected a comma", start.lineno, start.colno);
        node.children.push(parseEntry(this, start, nodes));
        hasComma = this.skip("comma");
      }
      return start.type === "left-paren" && hasComma ? Object.assign(node, { isTuple: true }) : node;
    }
  };
}

function emptyNode({ type, lineno, colno }: Token, nodes: Nodes): object {
  if (type === "left-paren") return new nodes.Group(lineno, colno);
  return type === "left-bracket" ? new nodes.Array(lineno, colno) : new nodes.Dict(lineno, colno);
}

function parseEntry(parser: Parser, start: Token, nodes: Nodes): unknown {
  if (start.type === "left-bracket") return parseSliceOrValue(parser, start);
  const first = parser.parseExpression();
  if (start.type !== "left-curly") return first;
  if (!parser.skip("colon")) parser.fail("expected ':' after the key of a dict", start.lineno, start.colno);
  return new nodes.Pair(start.lineno, start.colno, first, parser.parseExpression());
}

function parseSliceOrValue(parser: Parser, { lineno, colno }: Token): unknown {
  const isEnd = (): boolean => ["right-bracket", "comma", "colon"].includes(peeked(parser).type);
  const part = (): unknown => (isEnd() ? null : parser.parseExpression());
  const start = part();
  // nunjucks does not tell `value["name"]` from `value.name`, which Python does.
  if (!parser.skip("colon")) return typeof start === "object" ? Object.assign(start ?? {}, { isIndex: true }) : start;
  const stop = part();
  const step = parser.skip("colon") ? part() : null;
  return { typename: "Slice", lineno, colno, start, stop, step };
}

function withStatements(Base: ParserClass): ParserClass {
  return class extends Base {
    override parseStatement(): unknown {
      const { lineno, colno } = peeked(this);
      if (this.skipSymbol("do")) {
        const expression = this.parseExpression();
        this.advanceAfterBlockEnd("do");
        return { typename: "Do", lineno, colno, expression };
      }
      return this.skipSymbol("with") ? parseWith(this, lineno, colno) : super.parseStatement();
    }
  };
}

function parseWith(parser: Parser, lineno: number, colno: number): unknown {
  const values: (readonly [string, unknown])[] = [];
  while (peeked(parser).type === "symbol") {
    const name = parser.nextToken()?.value ?? "";
    const sign = parser.nextToken();
    if (sign?.value !== "=") parser.fail("expected '='", lineno, colno);
    values.push([name, parser.parseExpression()]);
    parser.skip("comma");
  }
  parser.advanceAfterBlockEnd("with");
  const body = parser.parseUntilBlocks("endwith");
  parser.advanceAfterBlockEnd();
  return { typename: "With", lineno, colno, values, body };
}
