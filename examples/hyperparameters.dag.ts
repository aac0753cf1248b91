/**
 * Searching the hyper-parameters of one model: what is tried comes from outside when the DAG runs (here a file, which
 * could be a service), and every combination is an instance of its own, with its own log, result and retry.
 *
 *   fanout run examples/hyperparameters.dag.ts --logs
 */
import { readFileSync } from "node:fs";
import { dag, task } from "fanout";
import type { ModelType, Params } from "./include/estimators.js";
import { cleaned, featuresOf, readPenguins, type FeatureSet } from "./include/penguins.js";
import { gridSearch, type TrainedModel } from "./include/training.js";

const SEARCH_SPACE = new URL("include/searchSpace.json", import.meta.url);
const SEED = 20220402;

interface SearchSpace {
  model_type: ModelType;
  trees: number[];
  max_features: number[];
}

interface Trial {
  model_type: ModelType;
  trees: number;
  max_features: number;
}

const load_features = task({ task_id: "load_features" }, () => featuresOf(cleaned(readPenguins())));

const read_search_space = task(
  { task_id: "read_search_space" },
  () => JSON.parse(readFileSync(SEARCH_SPACE, "utf8")) as SearchSpace,
);

const fit = task({ task_id: "fit" }, ({ features, trial }: { features: FeatureSet; trial: Trial }) => {
  const { model_type, ...params } = trial;
  const grid_params = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, [value]]));
  return gridSearch({ model_type, grid_params, features, folds: 3, seed: SEED, log: console.log });
});

// All combinations, as a list: what a later task returns decides how many instances there are.
const list_trials = task({ task_id: "list_trials" }, ({ space }: { space: SearchSpace }): Trial[] =>
  space.trees.flatMap((trees) =>
    space.max_features.map((max_features) => ({ model_type: space.model_type, trees, max_features })),
  ),
);

const choose = task({ task_id: "choose" }, ({ models }: { models: readonly TrainedModel[] }): Params => {
  const best = models.reduce((one, other) => (other.cv_accuracy > one.cv_accuracy ? other : one));
  console.log(`best of ${models.length}: ${JSON.stringify(best.best_params)}`);
  return best.best_params;
});

export default dag({ dag_id: "hyperparameters", schedule: null, tags: ["example", "machine learning"] }, () => {
  const trials = list_trials({ space: read_search_space() });
  const models = fit.partial({ features: load_features() }).expand({ trial: trials });
  choose({ models });
});
