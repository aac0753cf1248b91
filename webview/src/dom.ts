interface ElementOptions {
  readonly className?: string;
  /** Always set as text: nothing that a person wrote becomes markup. */
  readonly text?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  options: ElementOptions = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const created = document.createElement(tag);
  applyOptions(created, options);
  created.append(...children);
  return created;
}

const svgNamespace = "http://www.w3.org/2000/svg";

export function svgElement<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | number>> = {},
): SVGElementTagNameMap[K] {
  const created = document.createElementNS(svgNamespace, tag);
  for (const [name, value] of Object.entries(attributes)) created.setAttribute(name, String(value));
  return created;
}

/** A glyph of VS Code's icon font; decoration, so hidden from screen readers. */
export function icon(glyph: string, className = ""): HTMLSpanElement {
  return element("span", {
    className: `codicon ${className}`.trim(),
    text: glyph,
    attributes: { "aria-hidden": "true" },
  });
}

/** Writes only what differs: every write costs a style pass, and live runs write a thousand times a second. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

export function setAttribute(target: Element, name: string, value: string): void {
  if (target.getAttribute(name) !== value) target.setAttribute(name, value);
}

/** What VS Code's context menu of the element, and of what is inside of it, goes by. */
export function setContext(target: Element, context: object): void {
  setAttribute(target, "data-vscode-context", JSON.stringify(context));
}

/** However often it is called: at most one call of `act` a frame. */
export function oncePerFrame(act: () => void): () => void {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      act();
    });
  };
}

/** Resolves when what the page shows by now has reached the screen: work that blocks the page comes after it. */
export async function painted(): Promise<void> {
  await new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(resolve));
  });
}

function applyOptions(target: HTMLElement, { className, text, attributes }: ElementOptions): void {
  if (className !== undefined) target.className = className;
  if (text !== undefined) target.textContent = text;
  for (const [name, value] of Object.entries(attributes ?? {})) target.setAttribute(name, value);
}
