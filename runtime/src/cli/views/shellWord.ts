/** A text as one word of a command that is shown to be copied. */
export function shellWord(text: string): string {
  if (/^[\w./@:+][\w./@:+-]*$/.test(text)) return text;
  // Neither of the shells of Windows lets a file's name hold a double quote.
  return process.platform === "win32" ? `"${text}"` : `'${text.replaceAll("'", "'\\''")}'`;
}
