import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { RunEvent } from "#core/model/runEvent.js";
import type { Answer } from "#core/protocol/engine.js";
import { type WireMessage, decodeWireMessage, encodeWireMessage } from "#core/protocol/wire.js";
import { onTestFinished } from "vitest";

const bundle = fileURLToPath(new URL("../../../dist/runtime/host.js", import.meta.url));

/** A real engine process, spoken to as the editor does. */
export class Host {
  readonly child: ChildProcessWithoutNullStreams;
  readonly events: RunEvent[] = [];
  readonly exited: Promise<number | null>;
  readonly #pending = new Map<number, (message: WireMessage) => void>();
  #waiting: (() => void)[] = [];
  #nextId = 1;

  /** `cwd` is the folder that it works in, and whatever it starts. */
  constructor(cwd = process.cwd()) {
    this.child = spawn(process.execPath, [bundle], { stdio: "pipe", cwd });
    this.exited = new Promise((resolve) => this.child.once("close", resolve));
    createInterface({ input: this.child.stdout }).on("line", (line) => this.#receive(line));
    onTestFinished(async () => {
      this.child.stdin.end();
      await this.exited;
    });
  }

  raw(method: string, params: unknown): Promise<WireMessage> {
    const id = this.#nextId++;
    this.child.stdin.write(encodeWireMessage({ type: "request", id, method, params }));
    return new Promise((resolve) => this.#pending.set(id, resolve));
  }

  async ask<T>(method: string, params: unknown): Promise<Answer<T>> {
    const message = await this.raw(method, params);
    if (message.type !== "result") throw new Error(JSON.stringify(message));
    return message.result as Answer<T>;
  }

  async value<T>(method: string, params: unknown): Promise<T> {
    const answer = await this.ask<T>(method, params);
    if (!answer.ok) throw new Error(JSON.stringify(answer.error));
    return answer.value;
  }

  async until(seen: (event: RunEvent) => boolean): Promise<RunEvent> {
    for (;;) {
      const event = this.events.find(seen);
      if (event) return event;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #receive(line: string): void {
    const message = decodeWireMessage(line);
    if (!message) throw new Error(`not a message: ${line}`);
    if (message.type === "notification") {
      this.events.push(message.params as RunEvent);
      for (const wake of this.#waiting.splice(0)) wake();
    } else if (message.type !== "request") {
      this.#pending.get(message.id)?.(message);
    }
  }
}

export interface Started {
  readonly run_id: string;
  readonly home: string;
}
