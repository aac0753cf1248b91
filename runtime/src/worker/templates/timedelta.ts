import { TemplateError } from "./templateError.js";
import { type Keywords, PythonObject, python } from "./values.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const UNITS: Readonly<Record<string, number>> = {
  days: DAY,
  seconds: SECOND,
  microseconds: 0.001,
  milliseconds: 1,
  minutes: MINUTE,
  hours: HOUR,
  weeks: 7 * DAY,
};

/** A span of time: Python's `timedelta`, with what pendulum's `Duration` has beside it. */
export class PythonTimedelta extends PythonObject {
  readonly typeName = "datetime.timedelta";

  constructor(readonly milliseconds: number) {
    super();
  }

  /** `timedelta(days=…, seconds=…, …)`. */
  static make(given: Keywords): PythonTimedelta {
    const sum = Object.entries(given).reduce((total, [unit, amount]) => {
      if (typeof amount !== "number") throw new TemplateError(`'${unit}' of a timedelta must be a number`);
      return total + amount * (UNITS[unit] ?? Number.NaN);
    }, 0);
    return new PythonTimedelta(sum);
  }

  static readonly parameters = Object.keys(UNITS);

  attribute(name: string): unknown {
    const days = Math.floor(this.milliseconds / DAY);
    const rest = this.milliseconds - days * DAY;
    if (name === "days") return days;
    if (name === "seconds") return Math.floor(rest / SECOND);
    if (name === "microseconds") return Math.round((rest % SECOND) * 1000);
    if (name === "total_seconds") return python(name, [], () => this.milliseconds / SECOND);
    const [, unit] = /^(?:in|total)_(weeks|days|hours|minutes|seconds)$/.exec(name) ?? [];
    if (unit === undefined) return undefined;
    const amount = this.milliseconds / (UNITS[unit] ?? 1);
    return python(name, [], () => (name.startsWith("in_") ? Math.trunc(amount) : amount));
  }

  text(): string {
    const days = Math.floor(this.milliseconds / DAY);
    const rest = this.milliseconds - days * DAY;
    const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
    const time = `${String(Math.floor(rest / HOUR))}:${two((rest % HOUR) / MINUTE)}:${two((rest % MINUTE) / SECOND)}`;
    const fraction = rest % SECOND === 0 ? "" : `.${String(Math.round((rest % SECOND) * 1000)).padStart(6, "0")}`;
    const before = days === 0 ? "" : `${String(days)} day${Math.abs(days) === 1 ? "" : "s"}, `;
    return `${before}${time}${fraction}`;
  }

  override repr(): string {
    const parts = ["days", "seconds", "microseconds"].flatMap((name) => {
      const value = this.attribute(name);
      return value === 0 ? [] : [`${name}=${String(value)}`];
    });
    return `datetime.timedelta(${parts.length === 0 ? "0" : parts.join(", ")})`;
  }

  override compare(other: unknown): number | undefined {
    return other instanceof PythonTimedelta ? this.milliseconds - other.milliseconds : undefined;
  }

  override add(other: unknown): unknown {
    if (other instanceof PythonTimedelta) return new PythonTimedelta(this.milliseconds + other.milliseconds);
    return other instanceof PythonObject ? other.add(this) : undefined;
  }

  override subtract(other: unknown): unknown {
    return other instanceof PythonTimedelta ? new PythonTimedelta(this.milliseconds - other.milliseconds) : undefined;
  }

  override multiply(other: unknown): unknown {
    return typeof other === "number" ? new PythonTimedelta(this.milliseconds * other) : undefined;
  }

  override truth(): boolean {
    return this.milliseconds !== 0;
  }
}
