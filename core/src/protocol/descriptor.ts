/**
 * A message is a value that carries its types, so that a channel's two ends cannot disagree: a receiver supplies
 * `Handlers<typeof channel>`, and a missing, extra or wrongly typed handler does not compile.
 */
declare const paramsType: unique symbol;
declare const resultType: unique symbol;

export interface RequestDescriptor<P, R> {
  readonly kind: "request";
  readonly method: string;
  readonly [paramsType]?: P;
  readonly [resultType]?: R;
}

export interface NotificationDescriptor<P> {
  readonly kind: "notification";
  readonly method: string;
  readonly [paramsType]?: P;
}

export type Channel = Readonly<Record<string, RequestDescriptor<unknown, unknown> | NotificationDescriptor<unknown>>>;

export function request<P, R>(method: string): RequestDescriptor<P, R> {
  return { kind: "request", method };
}

export function notification<P>(method: string): NotificationDescriptor<P> {
  return { kind: "notification", method };
}

export type ParamsOf<D> =
  D extends RequestDescriptor<infer P, unknown> ? P : D extends NotificationDescriptor<infer P> ? P : never;
export type ResultOf<D> =
  D extends RequestDescriptor<never, infer R> ? R : D extends RequestDescriptor<infer _P, infer R> ? R : never;

/** One handler per message of the channel: no more, no fewer. */
export type Handlers<C extends Channel> = {
  readonly [K in keyof C]: C[K] extends RequestDescriptor<infer P, infer R>
    ? (params: P) => R | Promise<R>
    : C[K] extends NotificationDescriptor<infer P>
      ? (params: P) => void
      : never;
};
