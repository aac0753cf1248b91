import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type ts from "typescript/lib/tsserverlibrary.js";

type ResolveNames = NonNullable<ts.LanguageServiceHost["resolveModuleNameLiterals"]>;
type Resolution = ReturnType<ResolveNames>[number];

/** The package that DAG files import. */
const PACKAGE = "fanout";

/**
 * A TypeScript server plugin: gives DAG files outside of any package the extension's own types. Where `fanout` is
 * installed, the installed types are used; where it becomes installed later, they take over. Loaded by every tsserver
 * of the editor, so it does as little as it can and works with every TypeScript from 5.4 on.
 */
export function init({ typescript }: { typescript: typeof ts }): ts.server.PluginModule {
  return {
    create(info) {
      const types = bundledTypes(path.dirname(fileURLToPath(import.meta.url)));
      if (types === undefined) info.project.projectService.logger.info("fanout: the bundled types were not found");
      else provideTypes(typescript, info.languageServiceHost, types);
      return info.languageService;
    },
  };
}

interface BundledTypes {
  /** For files that TypeScript treats as ES modules, or does not tell apart. */
  readonly esModule: string;
  readonly commonJs: string;
}

/** From `node_modules/fanout-typescript-plugin` of the packed extension, or from `dist/server` of a checkout. */
function bundledTypes(here: string): BundledTypes | undefined {
  const folder = [path.join(here, "../../dist/types"), path.join(here, "../types")].find((candidate) =>
    existsSync(path.join(candidate, "index.d.ts")),
  );
  if (folder === undefined) return undefined;
  return { esModule: path.join(folder, "index.d.ts"), commonJs: path.join(folder, "index.d.cts") };
}

function provideTypes(typescript: typeof ts, host: ts.LanguageServiceHost, types: BundledTypes): void {
  const resolve = host.resolveModuleNameLiterals?.bind(host);
  if (resolve === undefined) return;
  host.resolveModuleNameLiterals = (literals, containingFile, redirected, options, sourceFile, ...rest) => {
    const found = resolve(literals, containingFile, redirected, options, sourceFile, ...rest);
    return found.map((resolution, index) => {
      const literal = literals[index];
      if (literal?.text !== PACKAGE || resolution.resolvedModule !== undefined) return resolution;
      const mode = typescript.getModeForUsageLocation(sourceFile, literal, options);
      return bundled(typescript, resolution, mode === typescript.ModuleKind.CommonJS ? types.commonJs : types.esModule);
    });
  };
}

/** Keeps what the failed lookup knows, so that TypeScript looks again once the package is installed. */
function bundled(typescript: typeof ts, resolution: Resolution, file: string): Resolution {
  const extension = file.endsWith(".d.cts") ? typescript.Extension.Dcts : typescript.Extension.Dts;
  return {
    ...resolution,
    resolvedModule: {
      resolvedFileName: file.replaceAll("\\", "/"),
      extension,
      isExternalLibraryImport: true,
      resolvedUsingTsExtension: false,
    },
  };
}
