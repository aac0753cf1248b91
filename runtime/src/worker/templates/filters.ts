import { DATE_FILTERS } from "./dateFilters.js";
import type { Filter, Filters } from "./filter.js";
import { LIST_FILTERS } from "./listFilters.js";
import { selectionFilters } from "./selectionFilters.js";
import { TEXT_FILTERS } from "./textFilters.js";

const FILTERS: Filters = { ...TEXT_FILTERS, ...LIST_FILTERS, ...DATE_FILTERS, ...selectionFilters(findFilter) };

/** A filter of Jinja's or Airflow's; undefined where there is none of this name. */
export function findFilter(name: string): Filter | undefined {
  return Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
}
