import type { SourcePoint } from "#core/model/source.js";
import { AuthoringError } from "./authoringError.js";

const MAX_LENGTH = 250;
const PATTERN = /^[\p{L}\p{N}_.-]+$/u;
/** A dot in it would look like a group in the group. */
const GROUP_PATTERN = /^[\p{L}\p{N}_-]+$/u;

/** Throws `invalid-id` unless `id` is what Airflow accepts as a key: letters, digits, `_`, `.` and `-`, 250 at most. */
export function checkId(what: "dag_id" | "task_id" | "group_id", id: unknown, at: SourcePoint | undefined): void {
  if (typeof id !== "string") {
    throw new AuthoringError("invalid-id", `${what} must be a string, not ${id === null ? "null" : typeof id}.`, at);
  }
  if (id.length > MAX_LENGTH) {
    const message = `${what} '${id.slice(0, 40)}…' has ${id.length} characters; ${MAX_LENGTH} are allowed.`;
    throw new AuthoringError("invalid-id", message, at);
  }
  if (!(what === "group_id" ? GROUP_PATTERN : PATTERN).test(id)) {
    const signs = what === "group_id" ? "underscores and dashes" : "underscores, dots and dashes";
    const message = `${what} '${id}' may hold only letters, digits, ${signs}.`;
    throw new AuthoringError("invalid-id", message, at);
  }
}
