const IMPORT_OF_FANOUT = /\b(?:from|import|require)\s*\(?\s*["']fanout(?:\/[\w-]+)?["']/;
const DAG_FILE_NAME = /\.dag\.[cm]?ts$/;

/** By its name alone. */
function isNamedAsDagFile(path: string): boolean {
  return DAG_FILE_NAME.test(path);
}

/** A file that is named `*.dag.ts` or imports `fanout`: a cheap look at the text, so that other files cost nothing. */
export function isDagFile(path: string, text: string): boolean {
  return isNamedAsDagFile(path) || IMPORT_OF_FANOUT.test(text);
}
