import { secondsText } from "#core/secondsText.js";
import type { TaskDeclaration } from "../authoring/declaration.js";
import { FailException, SkipException } from "../authoring/exceptions.js";
import { PokeReturnValue } from "../authoring/sensor.js";
import type { SensorPolicy } from "../authoring/taskPolicy.js";
import { pokeInterval } from "../engine/pokeInterval.js";
import { FanoutError } from "../errors.js";
import type { Running } from "./instance.js";

/** Thrown where a sensor wants to look again later, and to take no process until then. */
export class Reschedule extends Error {}

/** Runs the body of a task; that of a sensor until it has what it waits for. */
export async function runBody(
  declaration: TaskDeclaration,
  running: Pick<Running, "startedAt" | "waitedMs">,
  body: () => unknown,
): Promise<unknown> {
  const { sensor } = declaration;
  if (!sensor) return await body();
  try {
    return await poke(declaration, sensor, running, body);
  } catch (thrown) {
    const isSoft = sensor.soft_fail && (FailException.is(thrown) || isSensorTimeout(thrown));
    throw isSoft ? new SkipException(thrown.message) : thrown;
  }
}

/** Source: Airflow's `BaseSensorOperator.execute`. Time counts from the first look, not from the first try. */
async function poke(
  declaration: TaskDeclaration,
  sensor: SensorPolicy,
  { startedAt, waitedMs }: Pick<Running, "startedAt" | "waitedMs">,
  body: () => unknown,
): Promise<unknown> {
  for (let pokes = 1; ; pokes++) {
    const found = await body();
    if (PokeReturnValue.is(found) ? found.is_done : found) return PokeReturnValue.is(found) ? found.xcom_value : null;
    const waited = waitedMs + performance.now() - startedAt;
    if (waited > sensor.timeoutMs) throw sensorTimeout(declaration, sensor);
    if (sensor.mode === "reschedule") throw new Reschedule();
    await new Promise((resolve) => setTimeout(resolve, pokeInterval(sensor, pokes, waited)));
  }
}

function sensorTimeout({ task_id, at }: TaskDeclaration, { timeoutMs }: SensorPolicy): FanoutError {
  const message = `'${task_id}' has not found what it waits for within its timeout of ${secondsText(timeoutMs)}.`;
  return new FanoutError("sensor-timeout", message, {
    at,
    advice: "Raise 'timeout', or set 'soft_fail' to have the task skipped.",
  });
}

/** It is not tried again: the time that there was is over. */
export function isSensorTimeout(thrown: unknown): thrown is FanoutError {
  return FanoutError.is(thrown) && thrown.code === "sensor-timeout";
}
