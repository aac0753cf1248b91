/** Stands, in stored inputs, for the result of a task: the history puts the value in when it shows them. */
export const RESULT_MARKER = "$fanout.result";
