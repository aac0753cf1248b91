/** The parts of four libraries that the examples use; they come without types of their own. */

declare module "ml-cart" {
  export class DecisionTreeClassifier {
    constructor(options: { maxDepth?: number; minNumSamples?: number });
    train(x: number[][], y: number[]): void;
    predict(x: number[][]): number[];
  }
}

declare module "ml-knn" {
  class KNN {
    constructor(x: number[][], y: number[], options: { k?: number });
    predict(x: number[][]): number[];
  }
  export = KNN;
}

declare module "ml-naivebayes" {
  export class GaussianNB {
    train(x: number[][], y: number[]): void;
    predict(x: number[][]): number[];
  }
}

declare module "ml-logistic-regression" {
  import type { Matrix } from "ml-matrix";

  class LogisticRegression {
    constructor(options: { numSteps?: number; learningRate?: number });
    train(x: Matrix, y: Matrix): void;
    predict(x: Matrix): number[];
  }
  export = LogisticRegression;
}
