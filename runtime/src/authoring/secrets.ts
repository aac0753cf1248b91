import { registry } from "./registry.js";

/** Airflow's own list: whatever has one of these in its name is secret. */
const SENSITIVE_NAMES = [
  "access_token",
  "api_key",
  "apikey",
  "authorization",
  "keyfile_dict",
  "passphrase",
  "passwd",
  "password",
  "private_key",
  "proxies",
  "proxy",
  "secret",
  "service_account",
  "token",
];

/** Airflow's own default of `[logging] min_length_masked_secret`: masking shorter ones would black out half a log. */
const LEAST_LENGTH = 5;

/** Found out once: every instance asks, and looking into the environment is slow. */
const sensitive: { names?: RegExp | null } = {};

/** True where a field or variable of this name holds a secret, and where a text has one of the sensitive names in it. */
export function isSensitive(name: string): boolean {
  if (sensitive.names === undefined) sensitive.names = sensitiveNames();
  return sensitive.names?.test(name) === true;
}

/** Null where nothing is to be hidden. */
function sensitiveNames(): RegExp | null {
  if (/^false$/i.test(process.env["AIRFLOW__CORE__HIDE_SENSITIVE_VAR_CONN_FIELDS"] ?? "")) return null;
  const more = (process.env["AIRFLOW__CORE__SENSITIVE_VAR_CONN_NAMES"] ?? "").split(",").map((one) => one.trim());
  const escaped = more.filter((one) => one !== "").map((one) => one.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp([...SENSITIVE_NAMES, ...escaped].join("|"), "i");
}

/** From now on `text` is shown as `***`, wherever this process prints or records it. */
export function keepSecret(text: string | null): void {
  const least = Number(process.env["AIRFLOW__LOGGING__MIN_LENGTH_MASKED_SECRET"] ?? LEAST_LENGTH);
  if (text === null || text === "" || text.length < (Number.isNaN(least) ? LEAST_LENGTH : least)) return;
  const { secrets, onSecret } = registry();
  if (secrets.has(text)) return;
  secrets.add(text);
  onSecret?.();
}

/** The same for whatever in the value has a sensitive name; for all texts in it where its own name is one. */
export function keepSecretsOf(value: unknown, isSecret = false): void {
  if (typeof value === "string" && isSecret) keepSecret(value);
  if (typeof value !== "object" || value === null) return;
  for (const [name, inner] of Object.entries(value)) keepSecretsOf(inner, isSecret || isSensitive(name));
}

/** The text without the secrets that this process knows. */
export function maskSecrets(text: string): string {
  const { secrets } = registry();
  if (secrets.size === 0) return text;
  // The longest first: one may be part of another.
  const known = [...secrets].sort((one, other) => other.length - one.length);
  return known.reduce((masked, secret) => masked.replaceAll(secret, "***"), text);
}

/** The value as people may see it: known secrets, and whatever has a sensitive name, are masked. */
export function maskValue(value: unknown, name = ""): unknown {
  if (name !== "" && value !== null && value !== undefined && value !== "" && isSensitive(name)) return "***";
  if (typeof value === "string") return maskSecrets(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => maskValue(item));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [maskSecrets(key), maskValue(inner, key)] as const),
  );
}
