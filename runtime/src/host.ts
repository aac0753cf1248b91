import { createInterface } from "node:readline";
import { engineToClient } from "#core/protocol/engine.js";
import { type WireMessage, decodeWireMessage, encodeWireMessage } from "#core/protocol/wire.js";
import { EngineHost, type Method, PARAMS } from "./engine/engineHost.js";

/**
 * The engine process of the editor: requests on stdin, answers and events on stdout, one JSON message a line.
 * It executes no code of a DAG file, and it ends, with all its runs, when its stdin is closed or it is asked to.
 */
const host = new EngineHost((params) => {
  send({ type: "notification", method: engineToClient.runEvent.method, params });
});

const requests = createInterface({ input: process.stdin })
  .on("line", (line) => void receive(line))
  .on("close", () => void host.close().finally(() => process.exit(0)));
// The editor is gone; what it asked for ends with it.
process.stdout.on("error", () => undefined);
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => requests.close());

async function receive(line: string): Promise<void> {
  const message = decodeWireMessage(line);
  if (message?.type !== "request") {
    console.error(`not a request: ${line.slice(0, 200)}`);
    return;
  }
  const { id, method, params } = message;
  try {
    send({ type: "result", id, result: await handle(method, params) });
  } catch (thrown) {
    send({ type: "failure", id, message: thrown instanceof Error ? thrown.message : String(thrown) });
  }
}

async function handle(method: string, params: unknown): Promise<unknown> {
  if (!isMethod(method)) throw new Error(`There is no request '${method}'.`);
  if (!PARAMS[method](params)) throw new Error(`The params of '${method}' are not understood.`);
  const handler = host.handlers[method] as (params: unknown) => unknown;
  return handler(params);
}

function isMethod(method: string): method is Method {
  return Object.hasOwn(PARAMS, method);
}

function send(message: WireMessage): void {
  process.stdout.write(encodeWireMessage(message));
}
