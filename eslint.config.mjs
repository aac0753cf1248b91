import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";
import { importX } from "eslint-plugin-import-x";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

/** Who may import what, a sentence for each refusal. ARCHITECTURE.md tells why. */
const toVscode = { regex: "^vscode$", message: "Only client talks to VS Code." };
const toTsMorph = { regex: "^(@?ts-morph|typescript$)", message: "Only server reads TypeScript." };
const toNode = { regex: "^node:", message: "This folder runs in a page or anywhere: no Node modules." };
const toTests = { regex: "(^|/)(test|scripts|bench)/", message: "Nothing imports test, scripts or bench." };
const coreByPath = { regex: "(^|/)core/src/", message: "Core is imported as '#core/…'." };
const anyPackage = {
  regex: "^(?!\\.{1,2}/|#core/)",
  message: "Core is the leaf: it imports nothing but itself, no package and no Node module.",
};

/** @param {...string} folders */
const toFolders = (...folders) => ({
  regex: `(^|/)(${folders.join("|")})/src(/|$)`,
  message: "Folders import only core; server and engine are reached as processes, the webview by its messages.",
});
const toEngine = {
  regex: "/(engine|pool|store|worker|loader|cli)/|/host\\.js$",
  message: "The authoring API must not pull in the engine: DAG files import it.",
};
const toLspConnection = {
  group: ["vscode-languageserver/node", "vscode-languageserver/node.js"],
  message: "Features are functions over data: only main.ts and server.ts know the connection.",
  allowTypeImports: true,
};
const toSqlite = {
  group: ["node-sqlite3-wasm"],
  message: "The database driver is chosen in one file: runtime/src/store/sqliteDatabase.ts.",
};
const toMermaid = { group: ["mermaid"], message: "Mermaid is behind one file: webview/src/render.ts." };

/**
 * @param {string[]} files
 * @param {...object} patterns
 * @returns {import("eslint").Linter.Config}
 */
function boundary(files, ...patterns) {
  return { files, rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns }] } };
}

const boundaries = [
  boundary(["core/**"], anyPackage, toTests, toFolders("runtime", "server", "client", "webview")),
  boundary(
    ["runtime/**"],
    toVscode,
    toTsMorph,
    toTests,
    coreByPath,
    toFolders("server", "client", "webview"),
    toSqlite,
  ),
  boundary(
    ["runtime/src/store/sqliteDatabase.ts"],
    ...[toVscode, toTsMorph, toTests, coreByPath, toFolders("server", "client", "webview")],
  ),
  boundary(
    ["runtime/src/index.ts", "runtime/src/authoring/**"],
    ...[toVscode, toTsMorph, toTests, coreByPath, toEngine, toSqlite, toFolders("server", "client", "webview")],
  ),
  boundary(["server/**"], toVscode, toTests, coreByPath, toLspConnection, toFolders("runtime", "client", "webview")),
  boundary(
    ["server/src/main.ts", "server/src/server.ts"],
    ...[toVscode, toTests, coreByPath, toFolders("runtime", "client", "webview")],
  ),
  boundary(["client/**"], toTsMorph, toTests, coreByPath, toFolders("runtime", "server", "webview")),
  boundary(
    ["webview/**"],
    ...[toVscode, toTsMorph, toNode, toTests, coreByPath, toMermaid, toFolders("runtime", "server", "client")],
  ),
  boundary(
    ["webview/src/render.ts"],
    ...[toVscode, toTsMorph, toNode, toTests, coreByPath, toFolders("runtime", "server", "client")],
  ),
  boundary(["test/**", "scripts/**", "bench/**"], coreByPath),
];

/** @type {import("eslint").Linter.RulesRecord} */
const generalRules = {
  "@typescript-eslint/no-explicit-any": "error",
  "@typescript-eslint/switch-exhaustiveness-check": [
    "error",
    { considerDefaultExhaustiveForUnions: true, allowDefaultCaseForExhaustiveSwitch: false },
  ],
  "@typescript-eslint/consistent-type-imports": "error",
  // Inputs and task names may be any string: bracket access is what noPropertyAccessFromIndexSignature asks for.
  "@typescript-eslint/dot-notation": "off",
  "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
  "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
  // Type parameters that carry names through the API are the point of some signatures.
  "@typescript-eslint/no-unnecessary-type-parameters": "off",
  "@typescript-eslint/require-await": "off",
  "@typescript-eslint/only-throw-error": "error",
  "import-x/no-cycle": "error",
  "import-x/no-default-export": "error",
  "max-lines": ["error", { max: 350 }],
  "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
  eqeqeq: "error",
  "no-console": "off",
};

export default defineConfig(
  globalIgnores(["dist/", ".tsbuild/", ".vscode-host/", ".fanout/", "coverage/", "test/fixtures/", "**/*.cjs"]),
  tseslint.configs.recommendedTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    plugins: { "import-x": importX },
    settings: {
      "import-x/resolver-next": [
        createTypeScriptImportResolver({ project: "*/tsconfig.json", noWarnOnMultipleProjects: true }),
      ],
    },
    rules: generalRules,
  },
  boundaries,
  {
    name: "DAG files and tools' configuration are asked for their default export",
    files: ["examples/**/*.dag.ts", "**/*.config.{ts,mjs}"],
    rules: { "import-x/no-default-export": "off" },
  },
  {
    name: "A test file is one long function of many short ones",
    files: ["test/**", "bench/**"],
    rules: {
      "max-lines-per-function": "off",
      "@typescript-eslint/no-floating-promises": [
        "error",
        { allowForKnownSafeCalls: [{ from: "package", package: "node:test", name: ["test", "describe", "it"] }] },
      ],
    },
  },
  {
    name: "Scripts before types: JSON of manifests and reports is read as it comes",
    files: ["**/*.mjs"],
    rules: {
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      "@typescript-eslint/no-unsafe-call": "off",
    },
  },
);
