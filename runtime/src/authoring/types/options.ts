import type { TriggerRule } from "#core/model/triggerRule.js";
import type { Context } from "./context.js";
import type { AnyTask } from "./reference.js";

/** A span of time: seconds, a text such as `"90s"`, `"5m"`, `"2h"` or `"1d"`, or its parts, which are added up. */
export type Duration = number | `${number}${"ms" | "s" | "m" | "h" | "d"}` | DurationParts;

/** Parts of a span of time, which are added up: `{ hours: 1, minutes: 30 }`. Airflow's `timedelta`. */
export interface DurationParts {
  /** 0 or more, fractions included; as for all parts. */
  readonly milliseconds?: number;
  /** 1000 milliseconds. */
  readonly seconds?: number;
  /** 60 seconds. */
  readonly minutes?: number;
  /** 60 minutes. */
  readonly hours?: number;
  /** 24 hours, whatever clocks do on that day. */
  readonly days?: number;
  /** 7 days. */
  readonly weeks?: number;
}

/**
 * Called with the context of the instance, in its process; what it prints is in the instance's log. It may be async and
 * is waited for, and its time does not count as the instance's. What it throws is printed there too and changes nothing.
 * Callbacks that take longer than 50 seconds are ended; `AIRFLOW__DAG_PROCESSOR__DAG_FILE_PROCESSOR_TIMEOUT` sets another
 * limit, in seconds.
 */
export type Callback = (context: Context) => void | Promise<void>;

/**
 * What every operator and every task can be told, whatever it does: Airflow's `BaseOperator` arguments. They are the
 * same for all mapped instances, so none of them can be expanded.
 *
 * Two kinds, as each one's text says: what decides how a task runs; and what is descriptive, which is carried along and
 * has *no effect on a local run*.
 */
export interface BaseOperatorArgs {
  /** Unique in the DAG; letters, digits, `_`, `.` and `-`, at most 250. */
  task_id: string;
  /** How often a failed instance is tried again. Default 0. */
  retries?: number;
  /** The pause between the end of a try and the start of the next. Default 5 minutes, as in Airflow. */
  retry_delay?: Duration;
  /** Which states of the upstream tasks let this one run. Default `all_success`. */
  trigger_rule?: TriggerRule;
  /**
   * Values that a run can be given, put over those of the DAG: a plain value, or a `Param` that says what it must be.
   * What the run is given goes over both. Operators may map over it: each instance gets its dict put over this one.
   */
  params?: Readonly<Record<string, unknown>>;
  /** False: the return value is not kept, and nothing can be made of it downstream; `xcom_push` still is. Default true. */
  do_xcom_push?: boolean;

  /**
   * True: the pause doubles with every try; a number of 1 or more: it grows by that factor. Default false. Airflow adds
   * up to as much again, by a hash, so that many machines do not come back at once; Fanout, on one, does not.
   */
  retry_exponential_backoff?: boolean | number;
  /** The longest pause of the exponential backoff. Default, and most, 24 hours, as in Airflow. */
  max_retry_delay?: Duration;
  /**
   * How long one try of one instance may take, from its own start; default: as long as it likes. Then its process is
   * ended, whatever it does, and the try fails with `task-timeout`; retries follow.
   */
  execution_timeout?: Duration;
  /**
   * The pool whose slots the instances take while they run. Its size stands in `pools` of `fanout.config.json` or of
   * `fanout` in `package.json`; all runs of one process share it. Default `default_pool`, which has 128 slots.
   */
  pool?: string;
  /** Slots that one instance takes, 1 or more. Default 1. */
  pool_slots?: number;
  /** Of the instances that wait, those of the heavier task go first. A whole number, also a negative one. Default 1. */
  priority_weight?: number;
  /**
   * What a task weighs in all: `downstream`, the default, adds the weights of everything that comes after it, `upstream`
   * of everything that comes before, `absolute` nothing.
   */
  weight_rule?: "downstream" | "upstream" | "absolute";
  /** Most instances of this task that run at once, over all runs of the DAG in one process. Default: any number. */
  max_active_tis_per_dag?: number;
  /** Most instances of this task that run at once, in one run. Default: any number. */
  max_active_tis_per_dagrun?: number;
  /**
   * A template for the name by which an instance is shown beside its number, rendered before its body runs, where that is
   * enough, and again when it has ended, also with an error. It knows the context, the inputs of a task function by
   * their names (`{{ x }}`, or `{{ task.op_kwargs.x }}`), the arguments of an operator as `{{ task.x }}`, and then also what
   * the body put into `get_current_context()`. Where it cannot be rendered the log says why, and the instance
   * keeps its number alone. One that takes its process along has the name of before.
   */
  map_index_template?: string;
  /**
   * An instance runs only where the same one (same task and `map_index`) of the run before succeeded or was skipped: the
   * run of the DAG with the latest logical date before this one's, in the history or in the same backfill. The first run
   * does not wait. Where it can no longer succeed the run ends with `depends-on-past`. Default false.
   */
  depends_on_past?: boolean;
  /**
   * False: a task that the run before did not have waits too, though no earlier run had it. Default true: the first run
   * of a task added later does not wait.
   */
  ignore_first_depends_on_past?: boolean;
  /** Waits, in the run before, for the tasks that follow this one at once as well; implies `depends_on_past`. Default false. */
  wait_for_downstream?: boolean;
  /** An instance that is to be skipped is so only once its past lets it run. Default false. */
  wait_for_past_depends_before_skipping?: boolean;
  /**
   * The first logical date for which the task runs; for earlier ones it is skipped, and says so in its log. Default: any.
   * In `default_args` it is the DAG's.
   */
  start_date?: Date;
  /** The last logical date for which the task runs, in the same way. Default: any. In `default_args` it is the DAG's. */
  end_date?: Date;
  /** Called right before the body, with the inputs of the instance already worked out. */
  on_execute_callback?: Callback | readonly Callback[];
  /** Called when the instance has failed for good, with `exception` in the context; also where its process is gone. */
  on_failure_callback?: Callback | readonly Callback[];
  /** Called when the instance has succeeded; what follows it waits for that. */
  on_success_callback?: Callback | readonly Callback[];
  /** Called when a try has failed and another one will follow, with `exception` in the context. */
  on_retry_callback?: Callback | readonly Callback[];
  /** Called when the instance skipped itself with `SkipException`; not where something else decided that it is skipped. */
  on_skipped_callback?: Callback | readonly Callback[];

  /** Who looks after the task. No effect on a local run. */
  owner?: string;
  /** Whom to write to. No effect on a local run. */
  email?: string | readonly string[];
  /** No effect on a local run. */
  email_on_failure?: boolean;
  /** No effect on a local run. */
  email_on_retry?: boolean;
  /** The queue of a distributed executor. No effect on a local run. */
  queue?: string;
  /** Which of several executors runs the task. No effect on a local run. */
  executor?: string;
  /** No effect on a local run. */
  executor_config?: Readonly<Record<string, unknown>>;
  /** The system user that the task runs as. No effect on a local run. */
  run_as_user?: string;
  /** No effect on a local run. */
  resources?: Readonly<Record<string, unknown>>;
  /** Assets that the task reads. No effect on a local run. */
  inlets?: readonly unknown[];
  /** Assets that the task writes. No effect on a local run. */
  outlets?: readonly unknown[];
  /** A name for people. No effect on a local run. */
  task_display_name?: string;
  /** No effect on a local run. */
  logger_name?: string;
  /** No effect on a local run. */
  allow_nested_operators?: boolean;
  /** What the task does, for people. No effect on a local run. */
  doc?: string;
  /** The same in Markdown. No effect on a local run. */
  doc_md?: string;
  /** The same in JSON. No effect on a local run. */
  doc_json?: string;
  /** The same in YAML. No effect on a local run. */
  doc_yaml?: string;
  /** The same in reStructuredText. No effect on a local run. */
  doc_rst?: string;
}

/** Options of `task({…}, fn)` and of `override({…})`: the same for all mapped instances. */
export interface TaskOptions extends Partial<BaseOperatorArgs> {
  /**
   * True: every entry of the returned dict is kept as an XCom of its own too, under its name. The task fails with
   * `multiple-outputs` where it returns something else; nothing is fine. Default false.
   */
  multiple_outputs?: boolean;
}

/** Options of `task.short_circuit({…}, fn)`. */
export interface ShortCircuitOptions extends TaskOptions {
  /**
   * True, the default: everything downstream is skipped, whatever its trigger rule. False: only the tasks that follow
   * at once are, and the rest go by their trigger rules.
   */
  ignore_downstream_trigger_rules?: boolean;
}

/** How a sensor waits: what Airflow's `BaseSensorOperator` takes beside the arguments of every operator. */
export interface SensorArgs {
  /** The pause between two looks. Default 1 minute. */
  poke_interval?: Duration;
  /**
   * How long it looks in all, from its first look on. Then the task fails with `sensor-timeout`, without another try.
   * Default 7 days.
   */
  timeout?: Duration;
  /**
   * `poke`, the default: it waits in its worker process and keeps its slots. `reschedule`: between two looks it is
   * `up_for_reschedule` and takes neither; what its code keeps in variables may be lost, and its log is that of the last
   * look. With retries, `timeout` is that of all tries together.
   */
  mode?: "poke" | "reschedule";
  /** True: where it would fail for its `timeout`, its `execution_timeout` or a `FailException`, it is skipped. Default false. */
  soft_fail?: boolean;
  /** True: the pause doubles with every look. Default false. */
  exponential_backoff?: boolean;
  /** The longest pause of the exponential backoff. Default: as long as it gets. */
  max_wait?: Duration;
}

/** Options of `task.sensor({…}, fn)`. */
export interface SensorOptions extends TaskOptions, SensorArgs {}

/** Options of `teardown({…}, fn)`: when a teardown runs is not for the person to choose. */
export interface TeardownOptions extends Omit<TaskOptions, "trigger_rule"> {
  /** True: the run fails if the teardown does. Default false: only what it cleans up after decides. */
  on_failure_fail_dagrun?: boolean;
}

/** What `as_teardown({…})` takes. */
export interface TeardownArgs {
  /** The tasks that it cleans up after: they become setups, and it runs after them. */
  readonly setups?: AnyTask | readonly AnyTask[];
  /** True: the run fails if the teardown does. Default false, or what `teardown({…}, fn)` said. */
  readonly on_failure_fail_dagrun?: boolean;
}

/** When a DAG is due: a cron expression, a preset such as `"@daily"`, a distance in time, or null for never. */
export type Schedule = string | DurationParts | null;

/** Arguments of `dag({…}, body)`, named as Airflow names them. */
export interface DagArgs {
  /** Unique in the project; letters, digits, `_`, `.` and `-`, at most 250. */
  dag_id: string;
  /** One line for people. */
  description?: string;
  /** Defines the data intervals of runs and backfills; Fanout starts no run by itself. Default null: there are none. */
  schedule?: Schedule;
  /** The name of `schedule` before Airflow 2.4; only one of the two may be given. */
  schedule_interval?: Schedule;
  /** The zone of the IANA database whose clocks a cron expression means, such as `"Europe/Berlin"`. Default `"UTC"`. */
  timezone?: string;
  /** Where the data intervals of a backfill begin. No effect on a single run. */
  start_date?: Date;
  /** The last moment at which a data interval of a backfill may begin. No effect on a single run. */
  end_date?: Date;
  /**
   * What `fanout backfill` makes up for where it is not told from when: true, every interval since `start_date`; false,
   * the default as in Airflow 3, only the last complete one.
   */
  catchup?: boolean;
  /** For finding the DAG again. No effect on a local run. */
  tags?: readonly string[];
  /** What every task of the DAG gets that does not say otherwise. */
  default_args?: Partial<Omit<BaseOperatorArgs, "task_id">>;
  /**
   * Values that a run can be given with `--params`: a plain value, which may become anything, or a `Param`, whose JSON
   * schema its value must satisfy before the run starts. Tasks read them in `context.params` and in templates.
   */
  params?: Readonly<Record<string, unknown>>;
  /**
   * Folders in which template files are looked for after the DAG file's own; they count from that one.
   * Default: none beside it.
   */
  template_searchpath?: string | readonly string[];
  /** Runs of this DAG at once in a backfill. Default 16, as in Airflow. No effect on a single run. */
  max_active_runs?: number;
  /** Most instances that run at once, in one run. Default 16, as in Airflow. */
  max_active_tasks?: number;
  /**
   * How long a run may take, from its start, and anew from where it goes on (`resume`, `clear`, `mark`). Then it fails
   * with `dagrun-timeout`, and whatever has not ended is skipped.
   * Default: as long as it likes.
   */
  dagrun_timeout?: Duration;
  /**
   * True: the first instance that fails for good ends the run. What runs then is ended and fails with `fail-fast`, other
   * instances of the same task too; what has not begun is skipped; teardowns still run. Every other task must have the
   * trigger rule `all_success`. Default false.
   */
  fail_fast?: boolean;
  /**
   * Templates give values instead of texts: a single `{{ … }}` what stands in it, any other text what it is as a Python
   * literal, if it is one. Default false. Source: Jinja's native types.
   */
  render_template_as_native_obj?: boolean;
  /**
   * Called once when the run has succeeded, before it is over, with the context of the instance that ended last and
   * `reason`. What it prints is shown by `fanout logs RUN`.
   */
  on_success_callback?: Callback | readonly Callback[];
  /** The same when the run has failed, with the context of the instance that failed last; not where it was cancelled. */
  on_failure_callback?: Callback | readonly Callback[];
  /** A name for people. No effect on a local run. */
  dag_display_name?: string;
  /** What the DAG does, in Markdown. No effect on a local run. */
  doc_md?: string;
}
