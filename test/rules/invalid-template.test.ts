import { describe, expect, it } from "vitest";
import { checkFixture, checkOne } from "./checkFixture.js";

const inTask = (call: string): string => `
  import { BaseOperator, BashOperator, dag, task } from "fanout";
  const say = task({ task_id: "say" }, ({ text, more }: { text: string; more?: unknown }) => [text, more]);
  class Load extends BaseOperator<{ sql: string; name?: string }, null> {
    static override readonly template_fields = ["sql"] as const;
    execute() { return null; }
  }
  export default dag({ dag_id: "d" }, () => {
    ${call}
  });
  void [BashOperator, Load];
`;

const saying = (template: string): string => {
  const text = JSON.stringify(template);
  return inTask(`say({ text: ${text} });
    //          ${"^".repeat(text.length)} invalid-template`);
};

describe("invalid-template", () => {
  it.each([
    ["syntax", "{{ ds"],
    ["syntax", "{% if ds %}a"],
    ["syntax", "{% break %}"],
    ["syntax", "{% set a, b = 1, 2 %}"],
    ["syntax", "echo {{ ds }} ${name#}"],
    ["syntax", "{{ {'a': {'b': 1}} }}"],
    ["syntax", "{{ ** [ ] }}"],
    ["syntax", "{% for x in xs recursive %}{% endfor %}"],
    ["filter", "{{ ds | nobody }}"],
    ["filter", "{% if false %}{{ ds | dss }}{% endif %}"],
    ["test", "{{ ds is definde }}"],
    ["name", "{{ nobody }}"],
    ["name", "{{ nobody.x | default('y') }}"],
    ["name", "{{ execution_date.year }}"],
    ["name", "{{ 'a' ~ nobody }}"],
    ["name", "{{ nobody() }}"],
    ["macro", "{{ macros.dateutil }}"],
    ["macro", "{{ macros.ds_addd(ds, 1) }}"],
    ["otherDag", "{{ ti.xcom_pull(task_ids='up', dag_id='other') }}"],
  ])("%s: reports %s", (messageId, template) => {
    const { finding } = checkOne(saying(template));
    expect(finding).toMatchObject({ messageId, severity: "error", phase: 1 });
  });

  it.each([
    "plain text",
    "{{ ds }} {{ ds_nodash | default('x') }} {{ text }} {{ more }}",
    "{{ nobody is defined }} {{ nobody | default('x') }} {{ nobody | d('x') }}",
    "{% if nobody is defined %}{{ nobody }}{% endif %}",
    "{{ nobody if nobody is defined else 'x' }}",
    "{% for x, y in params.pairs %}{{ x }}{{ y.z }}{{ loop.index }}{% endfor %}",
    "{% set a = 1 %}{{ a }}",
    "{% set a %}in{% endset %}{{ a }}",
    "{% with b = ds %}{{ b }}{% endwith %}",
    "{% macro hi(a, b='x') %}{{ a }}{{ b }}{% endmacro %}{{ hi(1) }}",
    "{% import 'lib.sql' as lib %}{{ lib.all() }}",
    "{% from 'lib.sql' import all, other as another %}{{ all() }}{{ another() }}",
    "{{ macros.ds_add(ds, -1) }} {{ macros.datetime(2022, 4, 2).isoformat() }}",
    "{{ ti.xcom_pull(task_ids='up', dag_id='d') }} {{ task_instance.xcom_pull('up') }}",
    "{{ range(3) | list }} {{ namespace(i=0).i }} {{ [1, none, True] }} {{ dict(a=1) }}",
    "{% raw %}{{ nobody | nobody }}{% endraw %}{# {{ nobody }} #}",
    "{{ conn.db.host }} {{ var.value.bucket }} {{ params.anything }} {{ dag_run.conf }}",
  ])("lets %s pass", (template) => {
    checkFixture(inTask(`say({ text: ${JSON.stringify(template)} });`));
  });

  it("looks into lists and dicts, into expand and into the fields of operators", () => {
    checkFixture(
      inTask(`say({ text: "a", more: ["{{ ds }}", { deep: "{{ nobody }}" }] });
    //                                          ^^^^^^^^^^^^^^ invalid-template
    say.partial({ more: 1 }).expand({ text: ["{{ ds }}", "{{ nobody }}"] });
    //                                                   ^^^^^^^^^^^^^^ invalid-template
    new BashOperator({ task_id: "b", bash_command: "echo {{ nobody }}" });
    //                                             ^^^^^^^^^^^^^^^^^^^ invalid-template
    new Load({ task_id: "l", sql: "select {{ nobody }}", name: "{{ nobody }}" });
    //                            ^^^^^^^^^^^^^^^^^^^^^ invalid-template`),
    );
  });

  it("is silent about what is not known", () => {
    checkFixture(
      inTask(`
    const given = JSON.parse("{}") as { text: string };
    const any = task({ task_id: "any" }, (inputs: Record<string, unknown>) => inputs);
    say({ text: given.text });
    say({ text: \`{{ \${given.text} }}\` });
    say({ ...given });
    any({ nobody: 1, text: "{{ nobody }}" });
    new BashOperator({ task_id: "b", bash_command: "{{ nobody }}.sh" });
`),
    );
  });

  it("is silenced by a comment", () => {
    checkFixture(
      inTask(`// fanout-disable-next-line invalid-template
    say({ text: "{{ nobody }}" });`),
    );
  });
});
