/** What nunjucks' parser makes of a template; fields are as it names them. Lines and columns count from 0. */
interface At {
  readonly lineno: number;
  readonly colno: number;
}

interface Of<T extends string> extends At {
  readonly typename: T;
}

type BinaryName = "In" | "Is" | "Or" | "And" | "Add" | "Concat" | "Sub" | "Mul" | "Div" | "FloorDiv" | "Mod" | "Pow";

export interface Binary extends Of<BinaryName> {
  readonly left: Expression;
  readonly right: Expression;
}

export interface NameNode extends Of<"Symbol"> {
  readonly value: string;
}

export interface PairNode extends Of<"Pair"> {
  readonly key: Expression;
  readonly value: Expression;
}

export interface KeywordsNode extends Of<"KeywordArgs"> {
  readonly children: readonly PairNode[];
}

export interface Arguments {
  readonly children: readonly (Expression | KeywordsNode)[];
}

export interface CallNode extends Of<"FunCall"> {
  readonly name: Expression;
  readonly args: Arguments;
}

export interface FilterNode extends Of<"Filter"> {
  readonly name: NameNode;
  readonly args: Arguments;
}

export interface SliceNode extends Of<"Slice"> {
  readonly start: Expression | null;
  readonly stop: Expression | null;
  readonly step: Expression | null;
}

export interface CallerNode extends Of<"Caller"> {
  readonly args: Arguments;
  readonly body: Block;
}

export type Expression =
  | Binary
  | NameNode
  | CallNode
  | FilterNode
  | SliceNode
  | CallerNode
  | KeywordsNode
  | (Of<"Literal"> & { readonly value: unknown; readonly isIndex?: boolean })
  | (Of<"Group"> & { readonly children: readonly Expression[]; readonly isTuple?: boolean })
  | (Of<"Array"> & { readonly children: readonly Expression[] })
  | (Of<"Dict"> & { readonly children: readonly PairNode[] })
  | (Of<"LookupVal"> & { readonly target: Expression; readonly val: Expression })
  | (Of<"InlineIf"> & { readonly cond: Expression; readonly body: Expression; readonly else_: Expression | null })
  | (Of<"Compare"> & {
      readonly expr: Expression;
      readonly ops: readonly { readonly type: string; readonly expr: Expression }[];
    })
  | (Of<"Not" | "Neg" | "Pos"> & { readonly target: Expression })
  | (Of<"Capture"> & { readonly body: Block });

export interface Block extends Of<"NodeList" | "Root"> {
  /** Path of the template file that it is the whole of. */
  file?: string;
  readonly children: readonly Statement[];
}

export interface ForNode extends Of<"For"> {
  readonly arr: Expression;
  readonly name: NameNode | (Of<"Array"> & { readonly children: readonly NameNode[] });
  readonly body: Block;
  readonly else_?: Block | null;
}

export interface MacroNode extends Of<"Macro"> {
  readonly name: NameNode;
  readonly args: Arguments;
  readonly body: Block;
}

export interface BlockNode extends Of<"Block"> {
  readonly name: NameNode;
  readonly body: Block;
}

export interface OutputNode extends Of<"Output"> {
  readonly children: readonly (Expression | (Of<"TemplateData"> & { readonly value: string }))[];
}

export type Statement =
  | Block
  | ForNode
  | MacroNode
  | BlockNode
  | OutputNode
  | (Of<"Do"> & { readonly expression: Expression })
  | (Of<"With"> & { readonly values: readonly (readonly [string, Expression])[]; readonly body: Block })
  | (Of<"If"> & { readonly cond: Expression; readonly body: Block; readonly else_?: Block | Statement | null })
  | (Of<"Set"> & {
      readonly targets: readonly NameNode[];
      readonly value: Expression | null;
      readonly body?: Expression;
    })
  | (Of<"Switch"> & {
      readonly expr: Expression;
      readonly cases: readonly { readonly cond: Expression; readonly body: Block }[];
      readonly default?: Block | null;
    })
  | (Of<"Extends"> & { readonly template: Expression })
  | (Of<"Include"> & { readonly template: Expression; readonly ignoreMissing?: boolean })
  | (Of<"Import"> & { readonly template: Expression; readonly target: NameNode; readonly withContext?: boolean | null })
  | (Of<"FromImport"> & {
      readonly template: Expression;
      readonly names: {
        readonly children: readonly (NameNode | (Of<"Pair"> & { readonly key: NameNode; readonly value: NameNode }))[];
      };
      readonly withContext?: boolean | null;
    });
