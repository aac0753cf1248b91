import type { Readable } from "node:stream";

const SEPARATOR = "\r\n\r\n";

/** Reads JSON messages behind `Content-Length` headers, as language servers and tsserver write them. */
export function onMessage(stream: Readable, receive: (message: unknown) => void): void {
  let buffer = Buffer.alloc(0);
  stream.on("data", (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (let next = take(buffer); next !== undefined; next = take(buffer)) {
      buffer = buffer.subarray(next.end);
      receive(JSON.parse(next.text));
    }
  });
}

function take(buffer: Buffer): { readonly text: string; readonly end: number } | undefined {
  const header = buffer.indexOf(SEPARATOR);
  if (header < 0) return undefined;
  const length = Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, header).toString())?.[1] ?? 0);
  const start = header + SEPARATOR.length;
  if (buffer.length < start + length) return undefined;
  return { text: buffer.subarray(start, start + length).toString("utf8"), end: start + length };
}
