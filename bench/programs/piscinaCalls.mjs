// Calls a function that does nothing so many times in piscina's threads, and keeps nothing.
import { Piscina } from "piscina";

const [calls = 0, threads = 1] = process.argv.slice(2).map(Number);
const filename = new URL("./call.mjs", import.meta.url).href;
const pool = new Piscina({ filename, minThreads: threads, maxThreads: threads });
await Promise.all(Array.from({ length: calls }, (_, x) => pool.run({ x })));
await pool.destroy();
