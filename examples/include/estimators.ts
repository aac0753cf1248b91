import { DecisionTreeClassifier } from "ml-cart";
import KNN from "ml-knn";
import LogisticRegression from "ml-logistic-regression";
import { Matrix } from "ml-matrix";
import { GaussianNB } from "ml-naivebayes";
import { RandomForestClassifier } from "ml-random-forest";

/** Parameters of one model: one value for each name of its grid. */
export type Params = Record<string, number>;

/** Trains on rows and their classes; the result predicts the classes of other rows. */
export type Estimator = (x: number[][], y: number[], params: Params) => (rows: number[][]) => number[];

/** How each kind of model is made. The libraries stay in here: only numbers and names travel between tasks. */
export const estimators = {
  log_reg: (x, y, { steps = 200, learning_rate = 0.01 }) => {
    const model = new LogisticRegression({ numSteps: steps, learningRate: learning_rate });
    model.train(withIntercept(x), Matrix.columnVector(y));
    return (rows) => model.predict(withIntercept(rows));
  },
  decision_tree: (x, y, { max_depth = 5, min_samples = 3 }) => {
    const model = new DecisionTreeClassifier({ maxDepth: max_depth, minNumSamples: min_samples });
    model.train(x, y);
    return (rows) => model.predict(rows);
  },
  random_forest: (x, y, { trees = 20, max_features = 0.8 }) => {
    const model = new RandomForestClassifier({ nEstimators: trees, maxFeatures: max_features, seed: 42, noOOB: true });
    model.train(x, y);
    return (rows) => model.predict(rows);
  },
  knn: (x, y, { k = 5 }) => {
    const model = new KNN(x, y, { k });
    return (rows) => model.predict(rows);
  },
  naive_bayes: (x, y) => {
    const model = new GaussianNB();
    model.train(x, y);
    return (rows) => model.predict(rows);
  },
} satisfies Record<string, Estimator>;

export type ModelType = keyof typeof estimators;

/** The library fits a line through the origin; a column of ones lets it be anywhere. */
function withIntercept(rows: number[][]): Matrix {
  return new Matrix(rows.map((row) => [1, ...row]));
}
