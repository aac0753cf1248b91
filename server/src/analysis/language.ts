import { callValue, constructValue } from "./evaluate/calls.js";
import { evaluateExpression } from "./evaluate/expressions.js";
import { symbolValue } from "./evaluate/identifiers.js";
import { readMember } from "./evaluate/members.js";
import { executeStatement } from "./evaluate/statements.js";
import type { Language } from "./interpreter.js";

/** The parts of the interpreter, put together: they reach each other only through it. */
export const language: Language = {
  evaluate: evaluateExpression,
  execute: executeStatement,
  readMember,
  call: callValue,
  construct: constructValue,
  symbolValue,
};
