import { setFlagsFromString } from "node:v8";

/**
 * WebAssembly is compiled as it is needed, and never optimised: for the whole of SQLite that takes longer than short runs
 * do, the process could not end before it is done, and even a run of 500,000 instances does not win it back.
 */
export function useSimpleWasm(): void {
  for (const flag of ["--liftoff-only", "--wasm-lazy-compilation"]) setFlagsFromString(flag);
}
