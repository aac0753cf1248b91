/* eslint-disable @typescript-eslint/consistent-type-imports -- an import statement would make a module of it */
/** What of nunjucks is used; see `core/src/templates/nunjucks.ts`. */
declare module "nunjucks/src/parser.js" {
  const parser: import("#core/templates/nunjucks.js").Nunjucks["parser"];
  // eslint-disable-next-line import-x/no-default-export -- nunjucks is CommonJS
  export default parser;
}

declare module "nunjucks/src/lexer.js" {
  const lexer: import("#core/templates/nunjucks.js").Nunjucks["lexer"];
  // eslint-disable-next-line import-x/no-default-export -- nunjucks is CommonJS
  export default lexer;
}

declare module "nunjucks/src/nodes.js" {
  const nodes: import("#core/templates/nunjucks.js").Nunjucks["nodes"];
  // eslint-disable-next-line import-x/no-default-export -- nunjucks is CommonJS
  export default nodes;
}
