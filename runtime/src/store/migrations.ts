/**
 * The schema of a run's database, as numbered steps that are only ever added to. `PRAGMA user_version` holds the
 * number of steps that a file has.
 *
 * `task_instance.id` is `task_no * 2^32 + map_index + 1`, so that a task's instances lie together in order and the
 * one key is also the row's address. `inputs`, `error`, `conf`, `part` and `skips` are JSON texts; dates are milliseconds since
 * the epoch.
 */
export const MIGRATIONS: readonly string[] = [
  `
  create table run (
    run_id text not null, dag_id text not null, file text not null, logical_date integer not null, params text not null,
    node text not null, model text not null, state text not null, start integer not null, "end" integer, error text
  );
  create table task (
    task_no integer primary key, task_id text not null unique, instance_count integer, inputs text
  );
  create table task_instance (
    id integer primary key, task_no integer not null, map_index integer not null, state text not null,
    try_number integer not null, start integer, duration_ms real, inputs text, xcom text,
    log_segment integer, log_from integer, log_to integer, error text
  );
  create table earlier_try (
    task_no integer not null, map_index integer not null, try_number integer not null, start integer,
    duration_ms real, log_segment integer, log_from integer, log_to integer, error text,
    primary key (task_no, map_index, try_number)
  ) without rowid;
  create view instances as
    select task_id, map_index, state, try_number, datetime(start / 1000.0, 'unixepoch', 'subsec') as start,
      duration_ms, task_instance.inputs, xcom, error
    from task_instance join task using (task_no) order by id;
  `,
  `
  alter table run add column data_interval_start integer;
  alter table run add column data_interval_end integer;
  alter table run add column run_type text not null default 'manual';
  alter table task_instance add column name text;
  create table pushed_xcom (
    task_no integer not null, map_index integer not null, key text not null, value text not null,
    primary key (task_no, key, map_index)
  ) without rowid;
  drop view instances;
  create view instances as
    select task_id, map_index, name, state, try_number, datetime(start / 1000.0, 'unixepoch', 'subsec') as start,
      duration_ms, task_instance.inputs, xcom, error
    from task_instance join task using (task_no) order by id;
  `,
  `
  alter table run add column conf text;
  alter table task_instance add column length integer;
  alter table task_instance add column skips text;
  alter table task_instance add column due integer;
  alter table task_instance add column base_try integer not null default 0;
  alter table task_instance add column bundle_no integer not null default 0;
  alter table earlier_try add column name text;
  alter table earlier_try add column state text;
  alter table earlier_try add column bundle_no integer not null default 0;
  create table bundle (bundle_no integer primary key, hash text not null, at integer not null);
  `,
  `
  alter table run add column part text;
  `,
];
