import stringWidth from "string-width";

/** What `dist/runtime/width.cjs` gives: apart, because its tables take longer to load than a short run needs for anything else. */
export interface WideText {
  /** Columns that a text takes on a terminal. */
  readonly widthOf: (text: string) => number;
  /** What a person sees as its characters. */
  readonly charactersOf: (text: string) => Iterable<string>;
}

export function widthOf(text: string): number {
  return stringWidth(text);
}

export function charactersOf(text: string): Iterable<string> {
  return Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
}
