import type { ModelType } from "./estimators.js";
import type { Grid } from "./training.js";

export interface GridConfig {
  model_type: ModelType;
  /** Every combination of these values is tried. */
  grid_params: Grid;
}

/** The models to train. Add one, take one away: the DAG stays as it is. */
export const gridConfigs: GridConfig[] = [
  { model_type: "log_reg", grid_params: { learning_rate: [0.001, 0.01], steps: [100, 400] } },
  { model_type: "decision_tree", grid_params: { max_depth: [2, 4, 8], min_samples: [3, 10] } },
  { model_type: "random_forest", grid_params: { trees: [6, 12], max_features: [0.5, 0.8] } },
  { model_type: "knn", grid_params: { k: [1, 5, 9, 15] } },
  { model_type: "naive_bayes", grid_params: {} },
];
