const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text for an element or an attribute. Most control characters cannot stand in XML at all, not even escaped. */
export function escapeXml(text: string): string {
  const allowed = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
  return allowed.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? "").replaceAll("\n", "&#10;");
}
