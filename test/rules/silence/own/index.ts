import { calls } from "./calls.js";
import { dags } from "./dags.js";
import { graphs } from "./graphs.js";
import type { OwnCase } from "./ownCase.js";
import { references } from "./references.js";
import { values } from "./values.js";

/** Cases of our own, beside those that the design began with. */
export const ownCases: readonly OwnCase[] = [...calls, ...values, ...references, ...graphs, ...dags];
