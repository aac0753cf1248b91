/**
 * A pluggable machine-learning pipeline: as many models are trained as `include/gridConfigs.ts` lists, each in an
 * instance of its own, and the best one is published. Adding a model means adding an entry there, not editing the DAG.
 *
 *   fanout run examples/ml_pipeline.dag.ts --logs
 */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { dag, task } from "fanout";
import type { ModelType } from "./include/estimators.js";
import { gridConfigs } from "./include/gridConfigs.js";
import { cleaned, featuresOf, readPenguins, type FeatureSet, type Penguin } from "./include/penguins.js";
import { gridSearch, type Grid, type TrainedModel } from "./include/training.js";

const OUTPUT = fileURLToPath(new URL("output", import.meta.url));

// Every run trains on the same rows in the same order, so that two runs can be compared.
const SEED = 20220402;

const load_data = task({ task_id: "load_data" }, () => {
  const rows = readPenguins();
  console.log(`${rows.length} penguins observed near Palmer Station, Antarctica`);
  return rows;
});

const preprocessing = task({ task_id: "preprocessing" }, ({ rows }: { rows: Penguin[] }) => {
  const kept = cleaned(rows);
  console.log(`kept ${kept.length} of ${rows.length} rows: the others lack a measure or the sex`);
  return kept;
});

const feature_engineering = task({ task_id: "feature_engineering" }, ({ rows }: { rows: Penguin[] }) => {
  const features = featuresOf(rows);
  console.log(`${features.columns.length} columns: ${features.columns.join(", ")}`);
  return features;
});

// The list could as well come from a database or a service; only its form matters: one dict for each instance.
const get_models = task({ task_id: "get_models" }, () => {
  console.log(`models to train: ${gridConfigs.map((config) => config.model_type).join(", ")}`);
  return gridConfigs;
});

interface TrainInputs {
  features: FeatureSet;
  model_type: ModelType;
  grid_params: Grid;
}

const train = task({ task_id: "train" }, ({ features, model_type, grid_params }: TrainInputs) =>
  gridSearch({ model_type, grid_params, features, folds: 5, seed: SEED, log: console.log }),
);

const pick_best = task({ task_id: "pick_best" }, ({ models }: { models: readonly TrainedModel[] }) => {
  // Chosen by cross-validation only: the held-out rows must not have a say in it.
  const ranking = [...models].sort((one, other) => other.cv_accuracy - one.cv_accuracy);
  for (const [place, model] of ranking.entries()) {
    console.log(`${place + 1}. ${model.model_type.padEnd(14)} ${(model.cv_accuracy * 100).toFixed(1)} %`);
  }
  const [best] = ranking;
  if (best === undefined) throw new Error("no model was trained");
  return best;
});

const publish_metrics = task({ task_id: "publish_metrics" }, ({ model }: { model: TrainedModel }, { params }) => {
  const folder = typeof params["output_dir"] === "string" ? params["output_dir"] : OUTPUT;
  const file = path.join(folder, "metrics.json");
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${JSON.stringify(model, null, 2)}\n`);
  console.log(
    `${model.model_type} is right about ${(model.test_accuracy * 100).toFixed(1)} % of the held-out penguins`,
  );
  return file;
});

export default dag({ dag_id: "ml_pipeline", schedule: null, tags: ["example", "machine learning"] }, () => {
  const features = feature_engineering({ rows: preprocessing({ rows: load_data() }) });

  // One instance for each dict that get_models returns: its entries become the instance's inputs, beside 'features'.
  const models = train.partial({ features }).expand_kwargs(get_models());

  publish_metrics({ model: pick_best({ models }) });
});
