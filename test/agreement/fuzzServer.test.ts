import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Position } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { campaign } from "../support/campaign.js";
import { expectPositionsInside, expectSpansInside } from "../support/insideText.js";
import { LspClient } from "../support/lspHarness.js";
import { type Edit, type Mutation, mutations } from "../support/mutations.js";
import { withoutHanging } from "../support/watchdog.js";

const server = [fileURLToPath(new URL("../../dist/server/main.cjs", import.meta.url)), "--stdio"];
const SEED = Number(process.env["FANOUT_SEED"] ?? 20220402);

let client: LspClient;
const folder = mkdtempSync(path.join(os.tmpdir(), "fanout-fuzz-"));
const file = path.join(folder, "fuzz.dag.ts");

beforeAll(async () => {
  client = await LspClient.start(server);
});

afterAll(async () => {
  await client.stop();
  rmSync(folder, { recursive: true, force: true });
});

it("the server answers every request about broken text, with places inside of it, and without working long", async () => {
  const first = 'import { dag } from "fanout"; dag({ dag_id: "first" }, () => {});';
  const uri = await client.open(file, first);
  const asked = new AskedDocument(client, uri, first);
  // Loads the language's library, which nothing that is counted should pay for.
  await asked.ask({ line: 0, character: 0 });
  const property = fc.asyncProperty(mutations, (mutation) => asked.play(mutation));
  await fc.assert(property, { seed: SEED, numRuns: campaign({ small: 10, middle: 40, full: 10_000 }) });
  expect(client.errors).toEqual([]);
});

/** A document that is edited as an editor would, with what an editor asks about it. */
class AskedDocument {
  /** What was published arrives later than the text it is about. */
  private readonly texts = new Map<number | undefined, string>();

  constructor(
    private readonly client: LspClient,
    private readonly uri: string,
    private text: string,
  ) {}

  async play({ source, edits }: Mutation): Promise<void> {
    await this.edit({ from: 0, to: this.text.length, insert: source });
    for (const edit of edits) {
      const position = await this.edit(edit);
      await withoutHanging(this.client.server.pid ?? NaN, this.ask(position));
    }
  }

  /** Where the edit was made. */
  private async edit({ from, to, insert }: Edit): Promise<Position> {
    const document = TextDocument.create(this.uri, "typescript", 0, this.text);
    const range = { start: document.positionAt(from), end: document.positionAt(to) };
    this.text = TextDocument.applyEdits(document, [{ range, newText: insert }]);
    await this.client.edit(this.uri, range, insert);
    this.texts.set(this.client.versionOf(this.uri), this.text);
    return range.start;
  }

  async ask(position: Position): Promise<void> {
    const textDocument = { uri: this.uri };
    const everywhere = { start: { line: 0, character: 0 }, end: { line: this.text.split("\n").length, character: 0 } };
    const answers = await Promise.all([
      this.client.request("textDocument/hover", { textDocument, position }),
      this.client.request("textDocument/codeLens", { textDocument }),
      this.client.request("textDocument/documentSymbol", { textDocument }),
      this.client.request("textDocument/inlayHint", { textDocument, range: everywhere }),
      this.client.request("textDocument/codeAction", { textDocument, range: everywhere, context: { diagnostics: [] } }),
      this.client.request("fanout/dagModels", textDocument),
      this.client.request("fanout/explain", textDocument),
    ]);
    const [, , , , , models] = answers;
    // A text that does not parse shows the last good models, with the places that they had.
    const isBroken = (models as { readonly broken: boolean }).broken;
    if (!isBroken) expectSpansInside(models, file, this.text);
    expectPositionsInside(answers, this.text);
    for (const { version, diagnostics } of this.client.takePublished()) {
      expectPositionsInside(diagnostics, this.texts.get(version) ?? this.text);
    }
  }
}
