import { tempProject, startCli } from "./support/cliProcess.js";
import { expect, test } from "vitest";

function message(body: object): string {
  const text = JSON.stringify({ jsonrpc: "2.0", ...body });
  return `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

test("lsp is the language server on stdin and stdout, and ends when its client says so", async () => {
  const project = tempProject();
  const server = startCli(["lsp"], project.dir);
  const params = { processId: null, rootUri: null, capabilities: {} };
  server.child.stdin?.write(message({ id: 1, method: "initialize", params }));
  while (!server.stdout().includes('"id":1'))
    await new Promise((resolve) => server.child.stdout?.once("data", resolve));
  expect(server.stdout()).toContain('"capabilities"');
  server.child.stdin?.write(message({ method: "initialized", params: {} }));
  server.child.stdin?.write(message({ id: 2, method: "shutdown" }));
  server.child.stdin?.write(message({ method: "exit" }));
  expect((await server.ended).code).toBe(0);
  project.remove();
});
