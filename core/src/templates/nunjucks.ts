/** What of nunjucks is used: its lexer and parser. Whoever reads templates brings them along. */
export interface Nunjucks {
  readonly lexer: { readonly lex: (source: string, options: object) => { readonly lineno: number } };
  readonly nodes: Readonly<Record<NodeName, NodeClass>>;
  readonly parser: { readonly Parser: ParserClass };
}

export interface Token {
  readonly type: string;
  readonly value: string;
  readonly lineno: number;
  readonly colno: number;
}

type NodeName = "Array" | "Group" | "Dict" | "Pair" | "Add" | "Sub" | "Mul" | "Div" | "FloorDiv" | "Mod" | "Concat";

export type NodeClass = new (lineno: number, colno: number, ...fields: readonly unknown[]) => object;

export type ParserClass = new (tokens: unknown) => Parser;

export interface Parser {
  nextToken(): Token | null;
  peekToken(): Token | null;
  skip(type: string): boolean;
  skipSymbol(name: string): boolean;
  fail(message: string, lineno?: number, colno?: number): never;
  advanceAfterBlockEnd(name?: string): Token;
  parseAggregate(): unknown;
  parseExpression(): unknown;
  parseUntilBlocks(...names: readonly string[]): unknown;
  parseStatement(): unknown;
  parseConcat(): unknown;
  parsePow(): unknown;
  parsePostfix(value: unknown): unknown;
  parseAsRoot(): unknown;
}
