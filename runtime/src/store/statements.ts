/** How far the ids of two tasks' instances lie apart: see `migrations.ts`. */
export const TASK_STRIDE = 2 ** 32;

export const PUT_INSTANCE = `insert or replace into task_instance
  (id, task_no, map_index, state, try_number, start, duration_ms, inputs, xcom, log_segment, log_from, log_to, error, name)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
export const PUT_INSTANCE_WITH_MORE = `insert or replace into task_instance
  (id, task_no, map_index, state, try_number, start, duration_ms, inputs, xcom, log_segment, log_from, log_to, error, name,
   length, skips, due, base_try, bundle_no)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
export const SETTLE_INSTANCES = `with recursive settled(map_index) as (
    select ? union all select map_index + 1 from settled where map_index < ?
  )
  insert or replace into task_instance (id, task_no, map_index, state, try_number, error)
  select ? + map_index + 1, ?, map_index, ?, 0, ? from settled`;
export const SELECT_OLD_PROGRESS =
  "select *, xcom is not null as has_result from task_instance where id between ? and ? order by id";
export const SELECT_PROGRESS = `select task_no, map_index, name, state, try_number, start, duration_ms, xcom is not null as has_result,
  length, skips, due, base_try, bundle_no from task_instance where id between ? and ? order by id`;
export const SELECT_ERROR_CODES = `select map_index, json_extract(error, '$.code') as value from task_instance
  where id between ? and ? and state = ? and error is not null order by id`;
export const OF_RESULTS = "from task_instance where id between ? and ? and xcom is not null and state <> 'removed'";
export const SELECT_RESULTS = `select map_index, xcom as value ${OF_RESULTS} order by id`;
export const SELECT_PUSHED = `select map_index, value from pushed_xcom as pushed
  where task_no = ? and key = ? and map_index between ? and ? and not exists
    (select 1 from task_instance where id = pushed.task_no * ${String(TASK_STRIDE)} + pushed.map_index + 1 and state = 'removed')
  order by map_index`;
