import { writeFileSync } from "node:fs";
import Mocha from "mocha";
import { RESULT_FILE_VARIABLE, type SuiteResult } from "../results.js";

/** What VS Code calls inside the extension host. The tests are bundled into this file: registering them is importing them. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: "bdd", timeout: 120_000, color: false });
  mocha.suite.emit("pre-require", globalThis, "suite", mocha);
  await import("./all.js");
  const failures: { title: string; reason: string }[] = [];
  const stats = await new Promise<Mocha.Stats | undefined>((resolve) => {
    const runner = mocha.run(() => {
      resolve(runner.stats);
    });
    runner.on("fail", (test, error: Error) => {
      failures.push({ title: test.fullTitle(), reason: error.stack ?? error.message });
    });
  });
  const file = process.env[RESULT_FILE_VARIABLE];
  if (file === undefined || stats === undefined) throw new Error(`${RESULT_FILE_VARIABLE} is not set.`);
  const result: SuiteResult = {
    passed: stats.passes,
    failed: stats.failures,
    skipped: stats.pending,
    failures,
  };
  writeFileSync(file, JSON.stringify(result));
  if (failures.length > 0) throw new Error(`${failures.length} tests failed.`);
}
