import { capNote } from "../pool/logCap.js";

/** How much more the instance that runs may print through the console and the standard streams of this process. */
export class OutputCap {
  #left: number;

  constructor(readonly capBytes: number) {
    this.#left = capBytes;
    for (const name of ["stdout", "stderr"] as const) this.#watch(name);
  }

  /** Another instance begins. */
  reset(): void {
    this.#left = this.capBytes;
  }

  /** Opening a stream takes milliseconds, which a run in which nobody prints need not spend. */
  #watch(name: "stdout" | "stderr"): void {
    const found = Object.getOwnPropertyDescriptor(process, name);
    if (!found?.get) return;
    const open = (): NodeJS.WriteStream => {
      const stream = found.get?.call(process) as NodeJS.WriteStream;
      Object.defineProperty(process, name, { value: stream, configurable: true, enumerable: true });
      this.#cap(stream);
      return stream;
    };
    Object.defineProperty(process, name, { get: open, configurable: true, enumerable: true });
  }

  #cap(stream: NodeJS.WriteStream): void {
    const write = stream.write.bind(stream) as (chunk: unknown, ...rest: readonly unknown[]) => boolean;
    const capped = (chunk: unknown, ...rest: readonly unknown[]): boolean => {
      const [encoding] = rest;
      const length = lengthOf(chunk, encoding);
      if (length <= this.#left) {
        this.#left -= length;
        return write(chunk, ...rest);
      }
      if (this.#left >= 0) {
        if (this.#left > 0) write(bytesOf(chunk, encoding).subarray(0, this.#left));
        write(capNote(this.capBytes));
        this.#left = -1;
      }
      const done = rest.find((one): one is () => void => typeof one === "function");
      if (done) process.nextTick(done);
      return true;
    };
    stream.write = capped;
  }
}

function lengthOf(chunk: unknown, encoding: unknown): number {
  if (typeof chunk === "string") return Buffer.byteLength(chunk, encodingOf(encoding));
  return chunk instanceof Uint8Array ? chunk.byteLength : 0;
}

function bytesOf(chunk: unknown, encoding: unknown): Uint8Array {
  if (typeof chunk === "string") return Buffer.from(chunk, encodingOf(encoding));
  return chunk instanceof Uint8Array ? chunk : Buffer.alloc(0);
}

function encodingOf(encoding: unknown): BufferEncoding {
  return typeof encoding === "string" && Buffer.isEncoding(encoding) ? encoding : "utf8";
}
