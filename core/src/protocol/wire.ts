/**
 * How messages travel between the client and the engine process: one JSON object a line. Requests carry an id that
 * their answer repeats; notifications have none.
 */
export type WireMessage =
  | { readonly type: "request"; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly type: "result"; readonly id: number; readonly result: unknown }
  /** The request could not be answered at all (a defect, an unknown method); refusals are results. */
  | { readonly type: "failure"; readonly id: number; readonly message: string }
  | { readonly type: "notification"; readonly method: string; readonly params: unknown };

/** One line for the other end, with its line break. */
export function encodeWireMessage(message: WireMessage): string {
  return `${JSON.stringify(message)}\n`;
}

/** Reads one line; null where it is not a message of this protocol (stray output, half a line). */
export function decodeWireMessage(line: string): WireMessage | null {
  const value = parseJson(line);
  if (typeof value !== "object" || value === null) return null;
  const given: {
    type?: unknown;
    id?: unknown;
    method?: unknown;
    params?: unknown;
    result?: unknown;
    message?: unknown;
  } = value;
  const { type, id, method, message } = given;
  const isCall = typeof method === "string";
  if (type === "notification" && isCall) return { type, method, params: given.params ?? null };
  if (typeof id !== "number") return null;
  if (type === "request" && isCall) return { type, id, method, params: given.params ?? null };
  if (type === "result") return { type, id, result: given.result ?? null };
  if (type === "failure" && typeof message === "string") return { type, id, message };
  return null;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
