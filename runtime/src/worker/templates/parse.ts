// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- whoever reads only this file must find it too
/// <reference path="./nunjucks.d.ts" />
import lexer from "nunjucks/src/lexer.js";
import nodes from "nunjucks/src/nodes.js";
import parser from "nunjucks/src/parser.js";
import { TemplateSyntaxError, templateParser } from "#core/templates/parseTemplate.js";
import type { Block } from "#core/templates/syntax.js";
import { TemplateError } from "./templateError.js";

const parse = templateParser({ lexer, nodes, parser });

/** Reads a template. Throws `TemplateError` with its line where it cannot be read. */
export function parseTemplate(source: string): Block {
  try {
    return parse(source);
  } catch (thrown) {
    if (!(thrown instanceof TemplateSyntaxError)) throw thrown;
    throw new TemplateError(`it cannot be read: ${thrown.message}`, thrown.line);
  }
}
