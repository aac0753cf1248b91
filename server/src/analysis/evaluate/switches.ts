import { ts } from "ts-morph";
import { type Completion, type Interpreter, NORMAL } from "../interpreter.js";
import { Scope } from "../scope.js";
import { executeAll, join } from "./blocks.js";
import { observeOperand } from "./conditions.js";

export function executeSwitch(interpreter: Interpreter, node: ts.SwitchStatement, scope: Scope): Completion {
  const subject = interpreter.evaluate(node.expression, scope);
  observeOperand(interpreter, node.expression, subject);
  const { clauses } = node.caseBlock;
  const inner = new Scope(scope, interpreter.certainty);
  const from = (index: number): Completion => {
    const statements = clauses.slice(index).flatMap((clause) => [...clause.statements]);
    return leaveSwitch(executeAll(interpreter, statements, inner));
  };
  if (subject.type === "const") {
    const values = clauses.map((clause) =>
      ts.isCaseClause(clause) ? interpreter.evaluate(clause.expression, scope) : undefined,
    );
    if (values.every((value) => value === undefined || value.type === "const")) {
      const match = values.findIndex((value) => value?.type === "const" && value.value === subject.value);
      const start = match >= 0 ? match : clauses.findIndex(ts.isDefaultClause);
      return start < 0 ? NORMAL : from(start);
    }
  }
  const cause = {
    what: "condition",
    reason: "which case is taken is not known before a run",
    node: node.expression,
  } as const;
  const ways = clauses.map((clause, index) =>
    clause.statements.length === 0 ? NORMAL : interpreter.perhaps(cause, () => from(index), index),
  );
  return join(interpreter, clauses.some(ts.isDefaultClause) ? ways : [...ways, NORMAL]);
}

function leaveSwitch(completion: Completion): Completion {
  if (completion.type !== "break" || completion.label !== undefined) return completion;
  return { type: "normal", perhaps: completion.perhaps === "function" ? "function" : undefined };
}
