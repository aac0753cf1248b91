import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

/** Where a contender finds what the benchmark prepared for it. */
export interface Ground {
  /** With the peers' packages, and the DAG file. */
  readonly folder: string;
  /** Of the contender's server, where it has one. */
  readonly port: number;
  /** Different in each measurement: nothing that an earlier one left behind is in its way. */
  readonly name: string;
  /** Whether it works several times, so that what takes long to start had better stay. */
  readonly stays: boolean;
}

/** Something that can do jobs and keep their results; the process that measures uses one. */
export interface Contender {
  /** Loads its code and connects to its server. Not measured. */
  readonly ready: (ground: Ground) => Promise<Ready>;
}

export interface Ready {
  /** Does so many jobs that give back what they are given. Measured, until every result is kept and nothing runs. */
  readonly work: (jobs: number) => Promise<void>;
  /** Jobs were done and are not needed any more: they are not in the way of the next. Not measured. */
  readonly renew: () => Promise<void>;
  /** How many jobs have a result that can be read. */
  readonly kept: () => Promise<number>;
  readonly close: () => Promise<void>;
}

/** A package of the benchmark's own folder: peers are no dependencies of Fanout. */
export async function importFrom<Exports>(folder: string, name: string): Promise<Exports> {
  const resolved = createRequire(path.join(folder, "package.json")).resolve(name);
  return (await import(pathToFileURL(resolved).href)) as Exports;
}

/** The numbers from 0 up, in lists of at most so many. */
export function chunksOf(count: number, size: number): readonly (readonly number[])[] {
  const chunks = Array.from({ length: Math.ceil(count / size) }, (_, index) => index * size);
  return chunks.map((first) => Array.from({ length: Math.min(size, count - first) }, (_, index) => first + index));
}
