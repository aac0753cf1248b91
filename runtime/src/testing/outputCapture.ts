import { AsyncLocalStorage } from "node:async_hooks";
import { Console } from "node:console";
import { Writable } from "node:stream";

type Method = (...values: never[]) => unknown;

/** Whose code is running: it lives on in what the code started and did not wait for. */
const owner = new AsyncLocalStorage<OutputCapture>();

/** What code prints by `console` or by the process' own streams, kept apart from what everybody else prints. */
export class OutputCapture {
  readonly #parts: string[] = [];
  readonly #restore: (() => void)[] = [];
  #size = 0;

  /** Characters so far. */
  get size(): number {
    return this.#size;
  }

  text(from: number, to: number): string {
    return this.#parts.join("").slice(from, to);
  }

  /** What `work` prints, and all that it starts, belongs here until `stop`. */
  run<T>(work: () => T): T {
    return owner.run(this, work);
  }

  /** The one that the running code prints into, if any. */
  static current(): OutputCapture | undefined {
    return owner.getStore();
  }

  start(): void {
    this.#catchStream(process.stdout);
    this.#catchStream(process.stderr);
    this.#catchConsole(globalThis.console);
  }

  stop(): void {
    for (const restore of this.#restore.splice(0).toReversed()) restore();
  }

  #add(text: string): void {
    this.#parts.push(text);
    this.#size += text.length;
  }

  #catchStream(stream: NodeJS.WriteStream): void {
    const original = methodOf(stream, "write");
    const write = (chunk: Uint8Array | string, encoding?: unknown, done?: unknown): unknown => {
      if (owner.getStore() !== this) return original?.apply(stream, [chunk, encoding, done] as never[]);
      this.#add(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8"));
      const callback = typeof encoding === "function" ? encoding : done;
      if (typeof callback === "function") process.nextTick(callback);
      return true;
    };
    this.#replace(stream, "write", write);
  }

  /** Test runners bring a console of their own, which does not print by the process' streams. */
  #catchConsole(console: Console): void {
    const stream = new Writable({
      decodeStrings: false,
      write: (chunk: string, _encoding, done) => {
        this.#add(chunk);
        done();
      },
    });
    const own = new Console({ stdout: stream, stderr: stream });
    for (const name of methodsOf(own)) {
      const original = methodOf(console, name);
      const caught = methodOf(own, name);
      const method = (...values: never[]): unknown =>
        owner.getStore() === this ? caught?.apply(own, values) : original?.apply(console, values);
      this.#replace(console, name, method);
    }
  }

  #replace(object: object, name: string, value: Method): void {
    const before = Object.getOwnPropertyDescriptor(object, name);
    Object.defineProperty(object, name, { value, writable: true, configurable: true, enumerable: true });
    this.#restore.push(() => {
      if (before) Object.defineProperty(object, name, before);
      else Reflect.deleteProperty(object, name);
    });
  }
}

function methodsOf(console: Console): string[] {
  return Object.keys(console).filter((name) => name !== "Console" && methodOf(console, name) !== undefined);
}

function methodOf(object: object, name: string): Method | undefined {
  const value: unknown = Reflect.get(object, name);
  return typeof value === "function" ? (value as Method) : undefined;
}
