import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Connection, Variable, get_connection } from "../../runtime/src/index.js";
import { registry } from "../../runtime/src/authoring/registry.js";
import { keepSecret, maskSecrets, maskValue } from "../../runtime/src/authoring/secrets.js";
import { runDag } from "../runtime/support/project.js";

afterEach(() => {
  vi.unstubAllEnvs();
  registry().secrets.clear();
});

/** What Airflow reads from each. */
const URIS: Readonly<Record<string, object>> = {
  "postgres://me:p%40ss@host:5432/sales": {
    conn_type: "postgres",
    login: "me",
    password: "p@ss",
    host: "host",
    port: 5432,
    schema: "sales",
    extra: null,
  },
  "postgresql://host": { conn_type: "postgres", host: "host", login: null, password: null, port: null, schema: "" },
  "google-cloud-platform://?project=p&keyfile=%2Fk": {
    conn_type: "google_cloud_platform",
    host: "",
    extra: '{"project":"p","keyfile":"/k"}',
  },
  "http://https://api.example.com:8443/v1": {
    conn_type: "http",
    host: "https://api.example.com",
    port: 8443,
    schema: "v1",
  },
  "aws://key:se%2Fcret@/?__extra__=%7B%22a%22%3A%5B1%5D%7D": {
    conn_type: "aws",
    login: "key",
    password: "se/cret",
    extra: '{"a":[1]}',
  },
};

describe("connections, as Airflow reads them", () => {
  it.each(Object.entries(URIS))("AIRFLOW_CONN_<ID> as a URI: %s", (uri, expected) => {
    vi.stubEnv("AIRFLOW_CONN_MY_DB", uri);
    expect(get_connection("my_db")).toMatchObject({ conn_id: "my_db", ...expected });
  });

  it("AIRFLOW_CONN_<ID> as JSON", () => {
    vi.stubEnv("AIRFLOW_CONN_MY_DB", '{"conn_type": "my-sql", "host": "h", "port": "3306", "extra": {"ssl": true}}');
    const connection = get_connection("my_db");
    expect(connection).toMatchObject({ conn_type: "my_sql", host: "h", port: 3306, extra: '{"ssl":true}' });
    expect(connection.extra_dejson).toEqual({ ssl: true });
  });

  it("a URI says the same again", () => {
    const text = fc.string({ minLength: 1, maxLength: 12, unit: "grapheme-ascii" });
    const parts = fc.record({
      conn_type: fc.constantFrom("postgres", "http", "google_cloud_platform"),
      ...{ host: fc.domain(), login: text, password: text, schema: text },
      port: fc.option(fc.integer({ min: 0, max: 65_535 })),
      extra: fc.option(fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.oneof(text, fc.integer()), { minKeys: 1 })),
    });
    fc.assert(
      fc.property(parts, (given) => {
        const connection = new Connection("c", given);
        vi.stubEnv("AIRFLOW_CONN_C", connection.get_uri());
        const again = get_connection("c");
        expect(again).toEqual(connection);
      }),
    );
  });

  it.each([
    ["missing-connection", undefined],
    ["invalid-argument", "{ not json"],
    ["invalid-argument", "no uri"],
    ["invalid-argument", "http://host:99999"],
  ])("%s", (code, value) => {
    if (value !== undefined) vi.stubEnv("AIRFLOW_CONN_BAD", value);
    expect(() => get_connection("bad")).toThrow(expect.objectContaining({ code }) as Error);
  });
});

describe("variables, as Airflow reads them", () => {
  it("AIRFLOW_VAR_<KEY> as a text, or as the JSON in it", () => {
    vi.stubEnv("AIRFLOW_VAR_LIMITS", '{"rows": 10}');
    expect(Variable.get("limits")).toBe('{"rows": 10}');
    expect(Variable.get("limits", { deserialize_json: true })).toEqual({ rows: 10 });
  });

  it("gives the default where there is none, and fails without one", () => {
    expect(Variable.get("nobody", { default: 3 })).toBe(3);
    expect(Variable.get("nobody", { default: undefined })).toBeUndefined();
    expect(() => Variable.get("nobody")).toThrow(expect.objectContaining({ code: "missing-variable" }) as Error);
    vi.stubEnv("AIRFLOW_VAR_BAD", "{");
    const json = { deserialize_json: true };
    expect(() => Variable.get("bad", json)).toThrow(expect.objectContaining({ code: "invalid-argument" }) as Error);
  });
});

describe("secrets are masked", () => {
  const SECRETS = `
    import { Variable, get_connection } from "fanout";
    class Load extends BaseOperator<{ sql: string; password?: string }, string> {
      static override readonly template_fields = ["sql", "password"];
      async execute() { console.log(this.args.sql); return "done"; }
    }
    const leak = task({ task_id: "leak" }, ({ note }: { note: string }) => {
      const { password } = get_connection("db");
      console.log("it is", password, "and", Variable.get("api_key"), note);
      console.error("again", password); process.stdout.write(Buffer.from(\`bytes \${password}\\n\`));
      console.log("plain", Variable.get("city"));
      throw new Error(\`cannot log in with \${password}\`); });`;

  const stub = (): void => {
    vi.stubEnv("AIRFLOW_CONN_DB", "postgres://me:hunter-22@host");
    vi.stubEnv("AIRFLOW_VAR_API_KEY", "key-123456");
    vi.stubEnv("AIRFLOW_VAR_CITY", "Berlin");
  };

  it("in logs and in errors", async () => {
    stub();
    const done = await runDag(SECRETS, `leak({ note: "x" });`);
    const log = done.log("leak");
    expect(log).toContain("it is *** and *** x");
    expect(log).toContain("again ***");
    expect(log).toContain("bytes ***");
    expect(log).toContain("plain Berlin");
    expect(JSON.stringify([log, done.events, done.instance("leak")])).not.toMatch(/hunter-22|key-123456/);
    expect(done.instance("leak").error?.message).toContain("***");
  });

  it("in rendered values: secrets that were read, and whatever has a sensitive name", async () => {
    stub();
    const body = `new Load({ task_id: "l", sql: "{{ conn.db.password }} {{ ds }}", password: "{{ 'a' ~ 'b' }}" });`;
    const done = await runDag(SECRETS, body, { logical_date: new Date("2022-04-02") });
    expect(done.instance("l").rendered).toEqual({ sql: "*** 2022-04-02", password: "***" });
    expect(done.log("l")).toContain("*** 2022-04-02");
  });

  it("in whatever the environment calls sensitive too, or nowhere where it says so", async () => {
    const load = `const l = task({ task_id: "l" }, (inputs: { "pi.n": number; pixn: number; token: string }) => inputs.pixn);`;
    const body = `l({ "pi.n": 4711, pixn: 1, token: "abc" });`;
    vi.stubEnv("AIRFLOW__CORE__SENSITIVE_VAR_CONN_NAMES", "other, PI.N");
    const masked = await runDag(load, body);
    expect(masked.instance("l").rendered).toEqual({ "pi.n": "***", pixn: 1, token: "***" });
    vi.stubEnv("AIRFLOW__CORE__HIDE_SENSITIVE_VAR_CONN_FIELDS", "False");
    const shown = await runDag(load, body);
    expect(shown.instance("l").rendered).toEqual({ "pi.n": 4711, pixn: 1, token: "abc" });
  });

  it("wherever they stand in a text, and nothing else is changed", () => {
    const secret = fc.string({ minLength: 5, maxLength: 20 }).filter((text) => !text.includes("*"));
    const around = fc.string().filter((text) => !text.includes("*"));
    fc.assert(
      fc.property(fc.array(secret, { minLength: 1, maxLength: 4 }), around, around, (secrets, before, after) => {
        registry().secrets.clear();
        for (const one of secrets) keepSecret(one);
        const [first = ""] = secrets;
        const masked = maskSecrets(before + first + after);
        expect(secrets.some((one) => masked.includes(one))).toBe(false);
        const plain = before + after;
        if (!secrets.some((one) => plain.includes(one))) expect(maskSecrets(plain)).toBe(plain);
      }),
    );
  });

  it("at any depth of a value, which keeps its shape", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        registry().secrets.clear();
        keepSecret("hunter-22");
        const masked = maskValue({ value, token: value, list: ["x hunter-22 y"] }) as Record<string, unknown>;
        expect(Object.keys(masked)).toEqual(["value", "token", "list"]);
        expect(masked["list"]).toEqual(["x *** y"]);
        if (value !== null && value !== "") expect(masked["token"]).toBe("***");
      }),
    );
  });

  it("not where they are too short to tell from other texts", () => {
    keepSecret("abc");
    expect(maskSecrets("abc")).toBe("abc");
  });
});
