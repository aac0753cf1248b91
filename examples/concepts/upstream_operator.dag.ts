/**
 * Mapping an operator over the result of another operator: not the operator is mapped over but its `output`.
 *
 *   fanout run examples/concepts/upstream_operator.dag.ts --logs
 */
import { BaseOperator, type Context, dag } from "fanout";

class ListTables extends BaseOperator<{ schema: string }, string[]> {
  override execute(): string[] {
    return ["orders", "customers", "items"].map((table) => `${this.args.schema}.${table}`);
  }
}

class CountRows extends BaseOperator<{ table: string; limit: number }, number> {
  override execute({ ti }: Context): number {
    const rows = Math.min(this.args.limit, this.args.table.length * 1000);
    console.log(`${ti.task_id}[${ti.map_index}]: ${this.args.table} has ${rows} rows`);
    return rows;
  }
}

export default dag({ dag_id: "upstream_operator", schedule: null, tags: ["example", "concept"] }, () => {
  const tables = new ListTables({ task_id: "list_tables", schema: "shop" });

  CountRows.partial({ task_id: "count_rows", limit: 12_000 }).expand({ table: tables.output });
});
