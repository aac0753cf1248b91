import { toPython } from "./access.js";
import { PythonDateTime } from "./dates.js";
import { type Filters, filter } from "./filter.js";
import { formatTime } from "./formatTime.js";
import { TemplateError } from "./templateError.js";
import { Undefined, typeName } from "./values.js";

/** Airflow's own filters, which write a date as the names of the context do. */
export const DATE_FILTERS: Filters = {
  ds: dateFilter(({ time }) => formatTime(time, "%Y-%m-%d")),
  ds_nodash: dateFilter(({ time }) => formatTime(time, "%Y%m%d")),
  ts: dateFilter((date) => date.iso("T")),
  ts_nodash: dateFilter(({ time }) => formatTime(time, "%Y%m%dT%H%M%S")),
  ts_nodash_with_tz: dateFilter(({ time }) => formatTime(time, "%Y%m%dT%H%M%S%z")),
};

function dateFilter(write: (date: PythonDateTime) => string): ReturnType<typeof filter> {
  return filter([], (value) => {
    if (value instanceof Undefined) return value.fail();
    const date = toPython(value);
    // As Airflow: a date that there is not, such as that of a previous run, is an empty text.
    if (date === null) return "";
    if (date instanceof PythonDateTime) return write(date);
    throw new TemplateError(`a date is needed, not '${typeName(value)}'`);
  });
}
