import { BaseOperator } from "./baseOperator.js";

/** Does nothing: a place where dependencies meet. Airflow's `EmptyOperator`. */
export class EmptyOperator extends BaseOperator<Record<never, never>, null> {
  /** Returns nothing. */
  execute(): null {
    return null;
  }
}
