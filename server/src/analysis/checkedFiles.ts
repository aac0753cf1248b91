import { ts } from "ts-morph";

/** Whether TypeScript looks for mistakes in a file: in JavaScript only where the file, or else the project, asks for it. */
export function isCheckedFile(file: ts.SourceFile, checksJavaScript: boolean): boolean {
  if ((file.flags & ts.NodeFlags.JavaScriptFile) === 0) return true;
  const directive = /^\s*\/\/\s*@ts-(no)?check\b/m.exec(file.text);
  return directive === null ? checksJavaScript : directive[1] === undefined;
}
