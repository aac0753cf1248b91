/** An instance that goes on at some moment. */
export interface Waiting {
  readonly task: number;
  readonly map_index: number;
  readonly try_number: number;
}

/** What of a run is due at some moment. */
export type Due = Waiting | "dagrun_timeout";
