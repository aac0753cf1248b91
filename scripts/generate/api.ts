import ts from "typescript";
import { table } from "./tables.js";

/** What stands together in the document, in the order in which people meet it; what is named nowhere comes last. */
const SECTIONS: readonly (readonly [title: string, names: readonly string[]])[] = [
  ["DAGs", ["dag", "Dag", "DagArgs", "Schedule", "Param", "ParamSchema"]],
  [
    "Tasks",
    [
      "task",
      "TaskDecorator",
      "TaskFunction",
      "Expandable",
      "TaskVariant",
      "TaskBody",
      "TaskOptions",
      "ShortCircuitOptions",
    ],
  ],
  ["Options of tasks", ["BaseOperatorArgs", "TriggerRule", "Duration", "DurationParts", "Callback"]],
  [
    "Sensors",
    ["SensorOptions", "SensorArgs", "SensorVariant", "SensorFunction", "PokeReturnValue", "BaseSensorOperator"],
  ],
  ["Setup and teardown", ["setup", "teardown", "TeardownOptions", "TeardownArgs"]],
  ["Results of tasks", ["XComArg", "TaskResult", "Dependency", "chain", "cross_downstream"]],
  ["Task groups", ["task_group", "TaskGroupFunction", "ExpandableGroup", "TaskGroupOptions", "MappedGroup"]],
  [
    "Operators",
    [
      "BaseOperator",
      "OperatorArgs",
      "ExpandableOperator",
      "MappedOperator",
      "BashOperator",
      "BashOperatorArgs",
      "EmptyOperator",
    ],
  ],
  [
    "While a task runs",
    [
      ...["get_current_context", "Context", "CurrentContext", "TaskInstance", "XcomPush", "XcomPull", "DagRun"],
      ...["ContextDag", "ContextTask", "Macros", "SkipException", "FailException"],
    ],
  ],
  ["Connections and variables", ["get_connection", "Connection", "ConnectionParts", "Variable", "VariableOptions"]],
  ["Testing", ["DagTestOptions", "DagTestResult", "TaskTestResult", "InstanceTestResult", "TestError"]],
];

/** The authoring API as Markdown, from its rolled-up declarations, whose docstrings it shows. */
export function apiDocument(declarations: string): string {
  const source = ts.createSourceFile("index.d.ts", declarations, ts.ScriptTarget.Latest, true);
  const exported = new Map(source.statements.flatMap((statement) => entryOf(statement)));
  const named = new Set(SECTIONS.flatMap(([, names]) => names));
  const rest = [...exported.keys()].filter((name) => !named.has(name));
  const sections = [...SECTIONS, ["Everything else", rest] as const].map(([title, names]) => {
    const entries = names.flatMap((name) => exported.get(name) ?? []);
    return entries.length === 0 ? [] : [`## ${title}`, ...entries.map((statement) => describe(statement))];
  });
  return [
    "# The authoring API",
    "What a DAG file imports from `fanout`. Names and meanings are Airflow's; what every option of a task does stands under [Options of tasks](#options-of-tasks). This page is made of the docstrings that the editor shows.",
    ...sections.flat(),
  ].join("\n\n");
}

type Declaration =
  | ts.InterfaceDeclaration
  | ts.TypeAliasDeclaration
  | ts.ClassDeclaration
  | ts.FunctionDeclaration
  | ts.VariableStatement;

function entryOf(statement: ts.Statement): [string, Declaration][] {
  const isExported =
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
  if (!isExported || !isDeclaration(statement)) return [];
  const name = nameOf(statement);
  return name === undefined ? [] : [[name, statement]];
}

function isDeclaration(statement: ts.Statement): statement is Declaration {
  return (
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isFunctionDeclaration(statement) ||
    ts.isVariableStatement(statement)
  );
}

function nameOf(statement: Declaration): string | undefined {
  const named = ts.isVariableStatement(statement) ? statement.declarationList.declarations[0] : statement;
  return named?.name?.getText();
}

function describe(statement: Declaration): string {
  const head = `### ${nameOf(statement) ?? ""}`;
  const isListed = ts.isInterfaceDeclaration(statement) || ts.isClassDeclaration(statement);
  const signature = isListed ? headOf(statement) : withoutExport(statement);
  const parts = [head, docOf(statement), `\`\`\`ts\n${signature}\n\`\`\``];
  if (isListed) parts.push(...memberTable(statement));
  return parts.filter((part) => part !== "").join("\n\n");
}

/** `interface Context` with its type parameters and what it extends, without its members. */
function headOf(statement: ts.InterfaceDeclaration | ts.ClassDeclaration): string {
  const text = withoutExport(statement);
  const [firstMember] = statement.members;
  const start = statement.getStart();
  const open = firstMember === undefined ? text.lastIndexOf("{") : openBrace(statement, firstMember, start);
  return text.slice(0, open).trim();
}

/** Where the body begins, in the text without `export`. */
function openBrace(statement: ts.Node, firstMember: ts.Node, start: number): number {
  const before = statement.getText().slice(0, firstMember.getFullStart() - start);
  return before.replace(/^export (?:declare )?/, "").lastIndexOf("{");
}

function memberTable(statement: ts.InterfaceDeclaration | ts.ClassDeclaration): string[] {
  const rows = [...statement.members].flatMap((member) => {
    const doc = docOf(member);
    return doc === "" ? [] : [[`\`${oneLine(member.getText())}\``, oneLine(doc)]];
  });
  return rows.length === 0 ? [] : [table(["member", "what it is"], rows)];
}

function withoutExport(node: ts.Node): string {
  return node.getText().replace(/^export (?:declare )?/, "");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").replace(/;$/, "").trim();
}

function docOf(node: ts.Node): string {
  const comments = ts.getJSDocCommentsAndTags(node).filter((each) => ts.isJSDoc(each));
  return ts.getTextOfJSDocComment(comments.at(-1)?.comment) ?? "";
}
