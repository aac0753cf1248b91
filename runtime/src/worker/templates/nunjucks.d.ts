/** What of nunjucks is used: its lexer and parser. What a template means is worked out by `evaluate.ts` and `execute.ts`. */
declare module "nunjucks/src/parser.js" {
  export interface Token {
    readonly type: string;
    readonly value: string;
    readonly lineno: number;
    readonly colno: number;
  }

  class Parser {
    init(tokens: unknown): void;
    nextToken(): Token | null;
    peekToken(): Token | null;
    skip(type: string): boolean;
    skipSymbol(name: string): boolean;
    fail(message: string, lineno?: number, colno?: number): never;
    advanceAfterBlockEnd(name?: string): Token;
    parseAggregate(): unknown;
    parseExpression(): unknown;
    parsePrimary(noPostfix?: boolean): unknown;
    parseUntilBlocks(...names: readonly string[]): unknown;
    parseStatement(): unknown;
    parseConcat(): unknown;
    parsePow(): unknown;
    parsePostfix(value: unknown): unknown;
    parseAsRoot(): unknown;
  }

  const parser: { readonly Parser: new (tokens: unknown) => Parser };
  // eslint-disable-next-line import-x/no-default-export -- nunjucks is CommonJS
  export default parser;
}

declare module "nunjucks/src/lexer.js" {
  const lexer: { readonly lex: (source: string, options: object) => { readonly lineno: number } };
  // eslint-disable-next-line import-x/no-default-export -- nunjucks is CommonJS
  export default lexer;
}

declare module "nunjucks/src/nodes.js" {
  type NodeClass = new (lineno: number, colno: number, ...fields: readonly unknown[]) => object;
  const nodes: {
    readonly Array: NodeClass;
    readonly Group: NodeClass;
    readonly Dict: NodeClass;
    readonly Pair: NodeClass;
    readonly Add: NodeClass;
    readonly Sub: NodeClass;
    readonly Mul: NodeClass;
    readonly Div: NodeClass;
    readonly FloorDiv: NodeClass;
    readonly Mod: NodeClass;
    readonly Concat: NodeClass;
  };
  // eslint-disable-next-line import-x/no-default-export -- nunjucks is CommonJS
  export default nodes;
}
