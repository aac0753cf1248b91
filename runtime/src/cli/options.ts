import { type Command, InvalidArgumentError, Option } from "commander";
import { FanoutError } from "../errors.js";
import { readIsoDate } from "../schedule/isoDate.js";

/** Parsers of option values. What they throw becomes one sentence on stderr and exit code 2. */

export function positiveCount(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("It takes a whole number from 1.");
  return Number(text);
}

export function count(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("It takes a whole number from 0.");
  return Number(text);
}

/** One instance: what it is called is looked up where its task is known. */
export function instanceHandle(text: string): string {
  if (text === "") throw new InvalidArgumentError("It takes an index from 0, or a name.");
  return text;
}

/** Reads the date that a flag is given; the same command means the same on every machine. */
export function isoDate(flag: string): (text: string) => Date {
  return (text) => {
    const date = readIsoDate(text);
    if (date !== null) return date;
    throw new FanoutError("invalid-option", `'${flag} ${text}' is not a date.`, {
      advice: "Write one that exists, as ISO 8601 does, e.g. 2022-04-02 or 2022-04-02T06:00:00Z.",
    });
  };
}

export function jsonObject(text: string): Readonly<Record<string, unknown>> {
  const advice = `Write a JSON object, e.g. --params '{"year": 2022}'.`;
  const value = parsed(text, advice);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new FanoutError("invalid-params", "'--params' is JSON, but not an object.", { advice });
  }
  return { ...value };
}

function parsed(text: string, advice: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new FanoutError("invalid-params", "'--params' is not JSON.", { advice });
  }
}

/** Of every command that is about one instance. */
export function mapIndexOption(): Option {
  return new Option("--map-index <n>", "one instance of a mapped task, by its index or its name").argParser(
    instanceHandle,
  );
}

export function formatOption(): Option {
  return choiceOption(["text", "json"], "text for people, json for programs");
}

/** The first choice is the default. */
export function choiceOption(choices: readonly string[], description: string): Option {
  return new Option("--format <format>", description).choices(choices).default(choices[0]);
}

/** Of every command that lets a run go on. */
export function goOnOptions(command: Command): Command {
  return command
    .option("--parallelism <n>", "worker processes; one per core where left out", positiveCount)
    .option("--logs", "also print what every instance wrote, each line with its instance")
    .addOption(choiceOption(["text", "ndjson"], "text for people, or one event a line"));
}
