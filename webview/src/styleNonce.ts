/**
 * Imported first, for its effect: the toolkit (while it loads) and mermaid (while it draws) create style elements
 * without the nonce that the page's policy asks for. The nonce is the one this script itself was allowed by.
 */
const nonce = document.currentScript?.nonce ?? "";

const createElement: (tag: string, options?: object) => HTMLElement = document.createElement.bind(document);
const createElementNS: (namespace: string | null, tag: string, options?: object) => Element =
  document.createElementNS.bind(document);

function withNonce<E extends Element>(created: E): E {
  if (created.localName === "style") created.setAttribute("nonce", nonce);
  return created;
}

Object.assign(document, {
  createElement: (tag: string, options?: object) => withNonce(createElement(tag, options)),
  createElementNS: (namespace: string | null, tag: string, options?: object) =>
    withNonce(createElementNS(namespace, tag, options)),
});
