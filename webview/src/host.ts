import { parseHostMessage } from "#core/protocol/parse.js";
import type { HostMessage, PageMessage } from "#core/protocol/parse.js";

interface VsCodeApi {
  postMessage(message: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The other end of the page: the extension host. */
export interface Host {
  readonly post: (message: PageMessage) => void;
  listen(receive: (message: HostMessage) => void): void;
}

/** May be called once a page: VS Code hands its API out only once. */
export function connectHost(): Host {
  const api = acquireVsCodeApi();
  return {
    post: (message) => {
      api.postMessage(message);
    },
    listen: (receive) => {
      window.addEventListener("message", (event: MessageEvent<unknown>) => {
        const message = parseHostMessage(event.data);
        if (message !== null) receive(message);
      });
    },
  };
}
