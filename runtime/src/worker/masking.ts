import type { RunError } from "#core/model/run.js";
import { registry } from "../authoring/registry.js";
import { isSensitive, maskSecrets, maskValue } from "../authoring/secrets.js";

type Stream = NodeJS.WriteStream;

/** From the first secret on, what goes through the console and the standard streams of this process is masked. */
export function maskOutput(): void {
  const shared = registry();
  shared.onSecret ??= () => {
    shared.onSecret = () => undefined;
    for (const stream of [process.stdout, process.stderr]) maskStream(stream);
  };
}

function maskStream(stream: Stream): void {
  const write = stream.write.bind(stream) as (chunk: unknown, ...rest: readonly unknown[]) => boolean;
  const masked = (chunk: unknown, ...rest: readonly unknown[]): boolean => write(maskChunk(chunk), ...rest);
  stream.write = masked;
}

function maskChunk(chunk: unknown): unknown {
  if (typeof chunk === "string") return maskSecrets(chunk);
  if (!(chunk instanceof Uint8Array)) return chunk;
  // Bytes that are no text would not survive being one.
  const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString("utf8");
  const masked = maskSecrets(text);
  return masked === text ? chunk : Buffer.from(masked);
}

/** Secrets may stand in what was thrown, and it is recorded. */
export function maskError(error: RunError): RunError {
  if (registry().secrets.size === 0) return error;
  const { message, stack } = error;
  return { ...error, message: maskSecrets(message), ...(stack !== undefined && { stack: maskSecrets(stack) }) };
}

/** JSON of inputs as people may see it. */
export function maskJson(json: string): string {
  // A text without a name or value that is secret is by far the most frequent.
  if (registry().secrets.size === 0 && !isSensitive(json)) return json;
  return JSON.stringify(maskValue(JSON.parse(json)));
}
