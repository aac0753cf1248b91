import type picocolors from "picocolors";

/** Functions that paint a text, or leave it alone where colours are not wanted. */
export type Colors = ReturnType<typeof picocolors.createColors>;
