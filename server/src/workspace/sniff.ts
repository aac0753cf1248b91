import { ts } from "ts-morph";

/** Says that a text imports `fanout` itself. */
export const fanoutImport = /\bfrom\s*["']fanout["']|\b(?:require|import)\s*\(?\s*["']fanout["']/;
const SCRIPT = /\.[cm]?[jt]sx?$/;
/** Of scripts and of data that scripts import. */
const LOCAL = /\.(?:[cm]?[jt]sx?|json)$/;
const ANY_IMPORT = /\b(?:import|export|require)\b/;
const FANOUT = /^fanout(\/.*)?$/;

/** How far imports are followed: a helper of a helper, not a whole code base. */
export const MAX_SNIFF_DEPTH = 3;
export const MAX_SNIFFED = 60;

export interface SniffHost {
  readFile(fileName: string): string | undefined;
  resolve(specifier: string, containingFile: string): string | undefined;
}

/** Files of the workspace that a text imports, each once; neither packages nor fanout itself. */
export function localImports(fileName: string, text: string, host: SniffHost): string[] {
  if (!SCRIPT.test(fileName) || !ANY_IMPORT.test(text)) return [];
  const found = new Set<string>();
  for (const { fileName: specifier } of ts.preProcessFile(text, true, true).importedFiles) {
    const file = FANOUT.test(specifier) ? undefined : host.resolve(specifier, fileName);
    if (file !== undefined && LOCAL.test(file) && !file.includes("/node_modules/")) found.add(file);
  }
  return [...found];
}
