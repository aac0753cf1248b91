import { type Server, type Socket, connect, createServer } from "node:net";
import { FanoutError } from "../errors.js";

const ANSWER_MS = 5000;

/** What another process may ask of the owner of a run. */
export type OwnerRequest = { readonly type: "ping" } | { readonly type: "cancel" };

/** True where somebody listens, whether or not an answer comes in time. */
export function ask(socket: string, request: OwnerRequest): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    const finish = (isAlive: boolean): void => {
      clearTimeout(timer);
      connection.destroy();
      resolve(isAlive);
    };
    // A suspended process accepts and is silent.
    const timer = setTimeout(() => finish(true), ANSWER_MS);
    connection.once("connect", () => {
      if (request.type === "ping") finish(true);
      else connection.write(`${JSON.stringify(request)}\n`);
    });
    connection.once("data", () => finish(true));
    connection.once("error", ({ code }: NodeJS.ErrnoException) => finish(code !== "ENOENT" && code !== "ECONNREFUSED"));
    connection.once("close", () => finish(true));
  });
}

export class OwnerServer {
  readonly #server: Server;
  #onRequest: ((request: OwnerRequest) => void) | null = null;
  readonly #waiting: OwnerRequest[] = [];

  constructor(readonly socket: string) {
    this.#server = createServer((connection) => this.#accept(connection));
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", (cause) => {
        reject(new FanoutError("store-failed", `The run cannot be locked: ${cause.message}.`));
      });
      this.#server.listen(this.socket, () => {
        // That others may ask keeps no process alive.
        this.#server.unref();
        resolve();
      });
    });
  }

  serve(onRequest: (request: OwnerRequest) => void): void {
    this.#onRequest = onRequest;
    for (const request of this.#waiting.splice(0)) onRequest(request);
  }

  close(): void {
    this.#server.close();
  }

  #accept(connection: Socket): void {
    connection.unref();
    connection.setEncoding("utf8");
    connection.on("error", () => undefined);
    connection.on("data", (data) => {
      const request = parse(String(data));
      if (!request) return;
      connection.end("ok\n");
      if (this.#onRequest) this.#onRequest(request);
      else this.#waiting.push(request);
    });
  }
}

function parse(line: string): OwnerRequest | null {
  try {
    const request = JSON.parse(line) as { readonly type?: unknown };
    return request.type === "cancel" || request.type === "ping" ? { type: request.type } : null;
  } catch {
    return null;
  }
}
