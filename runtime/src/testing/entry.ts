/** Everything that `dist/runtime/testing.js` holds: what tests import, and what `dag().test()` loads. */
export * from "../testing.js";
export { runTest } from "./runTest.js";
