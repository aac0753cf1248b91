import { ts } from "ts-morph";

const DIRECT = /\bfrom\s*["']fanout["']|\b(?:require|import)\s*\(?\s*["']fanout["']/;
const SOURCE = /\.[cm]?[jt]sx?$/;

/** How far imports are followed: a helper of a helper, not a whole code base. */
const MAX_DEPTH = 3;
const MAX_FILES = 60;

export interface SniffHost {
  readFile(fileName: string): string | undefined;
  resolve(specifier: string, containingFile: string): string | undefined;
}

/** True where the text imports `fanout`, or imports a file that does. */
export function importsFanout(fileName: string, host: SniffHost): boolean {
  const seen = new Set([fileName]);
  let level = [fileName];
  for (let depth = 0; depth <= MAX_DEPTH && level.length > 0; depth++) {
    const next: string[] = [];
    for (const file of level) {
      const text = host.readFile(file);
      if (text === undefined) continue;
      if (DIRECT.test(text)) return true;
      if (seen.size < MAX_FILES) next.push(...localImports(file, text, host, seen));
    }
    level = next;
  }
  return false;
}

function localImports(fileName: string, text: string, host: SniffHost, seen: Set<string>): string[] {
  const found: string[] = [];
  for (const { fileName: specifier } of ts.preProcessFile(text, true, true).importedFiles) {
    const file = host.resolve(specifier, fileName);
    if (file === undefined || seen.has(file) || !SOURCE.test(file) || file.includes("/node_modules/")) continue;
    seen.add(file);
    found.push(file);
  }
  return found;
}
