import { ID_LENGTHS, type IdKind, forbiddenCharacters } from "#core/model/ids.js";
import type { SourcePoint } from "#core/model/source.js";
import { AuthoringError } from "./authoringError.js";

/** Throws `invalid-id` unless `id` is what Airflow accepts as a key: letters, digits, `_`, `.` and `-`, and not too long. */
export function checkId(what: IdKind, id: unknown, at: SourcePoint | undefined): void {
  if (typeof id !== "string") {
    throw new AuthoringError("invalid-id", `${what} must be a string, not ${id === null ? "null" : typeof id}.`, at);
  }
  const most = ID_LENGTHS[what];
  if (id.length > most) {
    const message = `${what} '${id.slice(0, 40)}…' has ${id.length} characters; ${most} are allowed.`;
    throw new AuthoringError("invalid-id", message, at);
  }
  if (id === "" || forbiddenCharacters(what, id).length > 0) {
    const signs = what === "group_id" ? "underscores and dashes" : "underscores, dots and dashes";
    const message = `${what} '${id}' may hold only letters, digits, ${signs}.`;
    throw new AuthoringError("invalid-id", message, at);
  }
}
