import type { InstanceDetails } from "#core/model/run.js";

/** One instance with what its log says. */
export interface ReportedInstance {
  readonly details: InstanceDetails;
  /** All lines where logs were asked for, else the last line that is not empty, else nothing. */
  readonly log: readonly string[];
}
