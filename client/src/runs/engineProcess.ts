import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";
import type { RunError } from "#core/model/run.js";
import type { Handlers, ParamsOf } from "#core/protocol/descriptor.js";
import type { clientToEngine, engineToClient } from "#core/protocol/engine.js";
import { parseAnswer, parseEngineMessage } from "#core/protocol/parse.js";
import type { EngineAnswer, EngineMethod } from "#core/protocol/parse.js";
import { decodeWireMessage, encodeWireMessage } from "#core/protocol/wire.js";
import type { NodeChoice } from "./nodeRuntime.js";

type EngineParams<M extends EngineMethod> = ParamsOf<(typeof clientToEngine)[M]>;

export interface EngineOptions {
  /** Absolute path of the engine host's bundle. */
  readonly hostPath: string;
  readonly chooseNode: () => Promise<NodeChoice>;
  readonly handlers: Handlers<typeof engineToClient>;
  readonly log: (line: string) => void;
  /** The process ended without being asked to; what it was doing is lost. */
  readonly crashed: (error: RunError) => void;
}

interface Pending {
  readonly method: EngineMethod;
  readonly settle: (result: unknown) => void;
}

interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly pending: Map<number, Pending>;
  /** `retired`: its end is wanted. */
  state: "running" | "retired" | "ended";
}

/**
 * The engine's process: started at the first request, started again at the next one after a crash, ended with the
 * window. Every answer is a value: a crash or a garbled message is a refusal that says so.
 */
export class EngineProcess {
  private running: Promise<Running | RunError> | undefined;
  private nextId = 1;

  constructor(private readonly options: EngineOptions) {}

  async ask<M extends EngineMethod>(method: M, params: EngineParams<M>): Promise<EngineAnswer<M>> {
    const engine = await (this.running ??= this.start());
    if (!("child" in engine)) {
      this.running = undefined;
      return refusal<M>(engine);
    }
    return new Promise((resolve) => {
      const id = this.nextId++;
      engine.pending.set(id, {
        method,
        settle: (result) => {
          resolve(parseAnswer(method, result) ?? refusal<M>(unreadable(method)));
        },
      });
      engine.child.stdin.write(encodeWireMessage({ type: "request", id, method, params }));
    });
  }

  /** Ends the process, so that the next request starts another, e.g. with another Node. */
  retire(): void {
    const retired = this.running;
    this.running = undefined;
    void retired?.then((engine) => {
      if (!("child" in engine) || engine.state === "ended") return;
      engine.state = "retired";
      endProcess(engine.child);
    });
  }

  /** Runs that the process owns are ended by it, which its closed stdin tells it to do. */
  dispose(): void {
    this.retire();
  }

  private async start(): Promise<Running | RunError> {
    const choice = await this.options.chooseNode();
    if (!choice.ok) return { code: "invalid-option", message: choice.message };
    const { command, env, version, source } = choice.runtime;
    this.options.log(`Engine: Node ${version} (${source}) at '${command}'.`);
    const child = spawn(command, [this.options.hostPath], {
      env: { ...process.env, ...env },
      stdio: ["pipe", "pipe", "pipe"],
      windowsHide: true,
    });
    const running: Running = { child, pending: new Map(), state: "running" };
    this.listen(running);
    return running;
  }

  private listen(running: Running): void {
    const { child, pending } = running;
    createInterface({ input: child.stdout }).on("line", (line) => {
      this.receive(line, pending);
    });
    createInterface({ input: child.stderr }).on("line", (line) => {
      this.options.log(`Engine: ${line}`);
    });
    child.stdin.on("error", () => undefined); // a broken pipe is told by "close", with the reason
    const ended = (reason: string): void => {
      this.end(running, { code: "internal", message: `The engine process ended (${reason}).`, advice: crashAdvice });
    };
    child.once("error", (error) => {
      ended(error.message);
    });
    child.once("close", (code, signal) => {
      ended(signal === null ? `exit code ${code ?? "unknown"}` : `signal ${signal}`);
    });
  }

  private receive(line: string, pending: Map<number, Pending>): void {
    const message = parseEngineMessage(decodeWireMessage(line));
    switch (message?.type) {
      case "event":
        this.options.handlers.runEvent(message.event);
        return;
      case "result":
        settle(pending, message.id, message.result);
        return;
      case "failure":
        this.options.log(`Engine: ${message.message}`);
        settle(pending, message.id, { ok: false, error: { code: "internal", message: message.message } });
        return;
      case undefined:
        this.options.log(`Engine: not understood: ${line.slice(0, 500)}`);
    }
  }

  private end(running: Running, error: RunError): void {
    const { state, pending } = running;
    if (state === "ended") return;
    running.state = "ended";
    for (const id of [...pending.keys()]) settle(pending, id, { ok: false, error });
    if (state === "retired") return;
    this.running = undefined;
    this.options.log(error.message);
    this.options.crashed(error);
  }
}

const crashAdvice = "The next run starts it again; the output of 'Fanout' has the details.";

function settle(pending: Map<number, Pending>, id: number, result: unknown): void {
  const request = pending.get(id);
  pending.delete(id);
  request?.settle(result);
}

/** Every answer of the engine may be a refusal, whatever it carries otherwise. */
function refusal<M extends EngineMethod>(error: RunError): EngineAnswer<M> {
  return { ok: false, error } as EngineAnswer<M>;
}

function unreadable(method: string): RunError {
  return {
    code: "internal",
    message: `The engine's answer to '${method}' could not be read: it may be of another version.`,
  };
}

/** A closed stdin asks the engine to end its runs and leave; one that does not listen is ended. */
function endProcess(child: ChildProcessWithoutNullStreams): void {
  child.stdin.end();
  const timer = setTimeout(() => child.kill("SIGKILL"), 3000);
  child.once("close", () => {
    clearTimeout(timer);
  });
}
