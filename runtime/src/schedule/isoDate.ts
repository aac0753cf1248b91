const ISO = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?(Z|[+-]\d{2}:?\d{2})?$/i;

/**
 * A date as ISO 8601 writes it, in UTC where it names no zone, as in Airflow; null for any other text. JavaScript's own
 * reader takes 30 February as 1 March, and times without a zone as those of the machine.
 */
export function readIsoDate(text: string): Date | null {
  const [, day, time = "00:00", zone = "Z"] = ISO.exec(text) ?? [];
  if (day === undefined || !isDay(day)) return null;
  const date = new Date(`${day}T${time}${zone.toUpperCase().replace(/(\d{2}):?(\d{2})$/, "$1:$2")}`);
  return Number.isNaN(date.getTime()) ? null : date;
}

function isDay(day: string): boolean {
  const midnight = new Date(`${day}T00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}
