import { ts } from "ts-morph";

/** Which symbols are the API's own, by asking what `fanout` exports: no list of names, no guess by file. */
export class ApiIndex {
  readonly #names = new Map<ts.Symbol, string>();
  readonly #exports = new Map<string, ts.Symbol>();

  constructor(program: ts.Program, entries: Iterable<string>) {
    const checker = program.getTypeChecker();
    for (const entry of entries) {
      const sourceFile = program.getSourceFile(entry);
      const module = sourceFile === undefined ? undefined : checker.getSymbolAtLocation(sourceFile);
      if (module !== undefined) this.#addExports(checker, module);
    }
  }

  /** The name that `fanout` exports the symbol by; aliases must be resolved before. */
  nameOf(symbol: ts.Symbol): string | undefined {
    return this.#names.get(symbol);
  }

  /** The symbol of an exported value or type. */
  find(name: string): ts.Symbol | undefined {
    return this.#exports.get(name);
  }

  #addExports(checker: ts.TypeChecker, module: ts.Symbol): void {
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      this.#names.set(symbol, exported.name);
      if (!this.#exports.has(exported.name)) this.#exports.set(exported.name, symbol);
    }
  }
}
