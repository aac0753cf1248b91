import { ts } from "ts-morph";

/** The type that a function writes for one of its named inputs: `number` of `x` in `({ x }: { x: number }) => …`. */
export function inputType(fn: ts.SignatureDeclaration | undefined, name: string): ts.TypeNode | undefined {
  const type = fn?.parameters[0]?.type;
  if (type === undefined || !ts.isTypeLiteralNode(type)) return undefined;
  const member = type.members.find(
    (each) => ts.isPropertySignature(each) && ts.isIdentifier(each.name) && each.name.text === name,
  );
  return member !== undefined && ts.isPropertySignature(member) ? member.type : undefined;
}

/** The function that a `task(…)` or `task_group(…)` is given, where it is written there. */
export function writtenBody(definition: ts.Node | undefined): ts.SignatureDeclaration | undefined {
  if (definition === undefined || !ts.isCallExpression(definition)) return undefined;
  const body = definition.arguments.at(-1);
  return body !== undefined && (ts.isArrowFunction(body) || ts.isFunctionExpression(body)) ? body : undefined;
}
