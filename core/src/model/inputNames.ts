/** True of a name that is a whole number: JavaScript puts such names before all others, so none can be an input's. */
export function isIntegerLike(name: string): boolean {
  return /^\d+$/.test(name);
}
