import { type OwnCase, file, right, wrong } from "./ownCase.js";

/** Whole files: DAGs and their options. */
export const dags: readonly OwnCase[] = [
  wrong(
    "a DAG's id with a space",
    "rule:invalid-id",
    "export default dag({ dag_id: 'a b' }, () => { num(); });",
    "'a b'",
  ),
  wrong(
    "a task's id with a space",
    "rule:invalid-id",
    "export default dag({ dag_id: 'd' }, () => { num.override({ task_id: 'a b' })(); });",
    "'a b'",
  ),
  wrong(
    "a group's id with a dot",
    "rule:invalid-id",
    "export default dag({ dag_id: 'd' }, () => { sums.override({ group_id: 'a.b' })({ x: 1, y: 1 }); });",
    "'a.b'",
  ),
  wrong("a DAG without an id", "typescript", "export default dag({}, () => { num(); });"),
  wrong(
    "an option that there is not",
    "typescript",
    "export default dag({ dag_id: 'd', schedul: '@daily' }, () => { num(); });",
  ),
  wrong(
    "a start date that is a text",
    "typescript",
    "export default dag({ dag_id: 'd', start_date: '2022-04-02' }, () => { num(); });",
  ),
  wrong(
    "two DAGs of one id",
    "rule:duplicate-dag-id",
    "export const one = dag({ dag_id: 'd' }, () => { num(); }); export const two = dag({ dag_id: 'd' }, () => { num(); });",
    "'d'",
  ),
  right(
    "several DAGs",
    "export const one = dag({ dag_id: 'one' }, () => { num(); }); export const two = dag({ dag_id: 'two' }, () => { num(); });",
  ),
  right(
    "a DAG with all it takes",
    "export default dag({ dag_id: 'd', schedule: '0 6 * * *', start_date: new Date('2022-04-02'), catchup: false, max_active_runs: 1, default_args: { retries: 2, retry_delay: '5m' }, tags: ['a'] }, () => { num(); });",
  ),
  right(
    "a DAG that a function makes",
    "const make = (id: string) => dag({ dag_id: id }, () => { num(); }); export const a = make('a'); export const b = make('b');",
  ),
].map(file);
