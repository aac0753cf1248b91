import type { RunErrorCode } from "./errorCodes.js";

export interface ErrorText {
  /** The situation, as one sentence. */
  readonly when: string;
  /** What a person does about it. */
  readonly fix: string;
}

/** Every code for people: the source of `docs/errors.md`. A code without a text does not compile. */
export const ERROR_TEXTS: Readonly<Record<RunErrorCode, ErrorText>> = {
  // an instance or a run that failed
  "missing-input": {
    when: "An instance was not given an input that it needs: a dict of `expand_kwargs` lacks it.",
    fix: "Give every dict the input, or give it to `partial()`.",
  },
  "branch-not-task-ids": {
    when: "A `task.branch` returned something else than the id of a task, a list of ids, or null.",
    fix: "Return ids as texts.",
  },
  "branch-unknown-task": {
    when: "A `task.branch` returned an id that no task of the DAG has.",
    fix: "Return whole ids; the id of a task in a group begins with the group's: `group.task`.",
  },
  "xcom-not-pushed": {
    when: "A task that something maps over returned nothing, or has `do_xcom_push: false`. Airflow: `XComForMappingNotPushed`.",
    fix: "Return a list or a dict; an empty one skips what maps over it.",
  },
  "xcom-not-found": {
    when: "`get(key)` or `xcom_pull` asked for an entry that is not there. Airflow: `XComNotFound`.",
    fix: "Return a dict with that key, or use the whole result.",
  },
  "xcom-too-long": {
    when: "A result that something maps over has more entries than `max_map_length`. Airflow: `UnmappableXComLengthPushed`.",
    fix: "Return fewer entries, such as lists of them, or raise the limit in the configuration or by `AIRFLOW__CORE__MAX_MAP_LENGTH`.",
  },
  "not-a-list": {
    when: "`map` or `zip` was used on a result that is a dict, for which Airflow gives junk.",
    fix: "Return a list of `[key, value]` pairs, or expand over the dict itself.",
  },
  "not-a-dict": {
    when: "`get(key)` was used on a result that is no dict.",
    fix: "Use the whole result.",
  },
  "async-map": {
    when: "The function of `map` returned a promise, which nothing can wait for there.",
    fix: "Give `map` a function that is not async, or do the work in a task.",
  },
  "xcom-not-serializable": {
    when: "A result holds something that JSON would lose or change: a BigInt, NaN, a Map, a function, undefined in a list, a circle, more than 999 levels.",
    fix: "Return plain data; the message names the place in the result.",
  },
  "template-failed": {
    when: "A template in an input does not parse or cannot be rendered, or its file is not there.",
    fix: "Correct the template; its place and the instance are in the message.",
  },
  "sensor-timeout": {
    when: "A sensor waited for its whole `timeout`. Airflow: `AirflowSensorTimeout`.",
    fix: "Wait longer, or set `soft_fail: true` where the sensor should be skipped instead.",
  },
  "multiple-outputs": {
    when: "A task with `multiple_outputs` returned something else than a dict.",
    fix: "Return a dict, or leave the option out.",
  },
  "fail-fast": {
    when: "The DAG has `fail_fast` and another instance failed: what ran was stopped.",
    fix: "See the instance that failed first.",
  },
  "dagrun-timeout": {
    when: "The run took longer than the DAG's `dagrun_timeout`.",
    fix: "See what took so long, or allow more time.",
  },
  "depends-on-past": {
    when: "A task with `depends_on_past` cannot start, because it did not succeed in the run before.",
    fix: "Run that one's logical date again first: `fanout backfill --reprocess-behavior failed` does both.",
  },
  "task-failed": {
    when: "The task's own code threw an error.",
    fix: "See its message, its stack and the log of the instance.",
  },
  "task-timeout": {
    when: "An instance took longer than its `execution_timeout`. Airflow: `AirflowTaskTimeout`.",
    fix: "Make the work smaller, or allow more time.",
  },
  "worker-died": {
    when: "The process of an instance ended before the instance did: it left by itself, was killed, or ran out of memory.",
    fix: "See the end of the instance's log; the message says how the process ended. Throw an error instead of calling `process.exit()`; do less at once where memory ran out.",
  },
  "memory-exceeded": {
    when: "The process of an instance took more memory than `workerMemoryMb` in the configuration allows, in JavaScript's own heap or in buffers.",
    fix: "Do less in one instance: read in pieces, or map over smaller parts. Raise `workerMemoryMb` where the machine has enough.",
  },
  "log-exceeded": {
    when: "An instance wrote far more into its log than is kept of it (`logMb`), past the console, so that the disk would have become full.",
    fix: "Send what a child process prints into a file or to nowhere, or raise `logMb`.",
  },
  "result-too-large": {
    when: "The JSON text of what a task returned, or pushed, is longer than 100 MB.",
    fix: "Write the data into a file or a database and return where it is.",
  },
  "marked-failed": {
    when: "Somebody marked the instance failed ('fanout mark').",
    fix: "Run it once more with 'fanout clear', or let it count as done with 'fanout mark --state success'.",
  },
  cancelled: {
    when: "Somebody stopped the run.",
    fix: "Nothing, or start it again.",
  },

  // loading a file
  "file-not-found": { when: "There is no such file.", fix: "Check the path." },
  "not-a-dag-file": {
    when: "The file is none that Fanout loads.",
    fix: "Give a TypeScript or JavaScript file: `.ts`, `.mts`, `.cts`, `.js`, `.mjs` or `.cjs`.",
  },
  "syntax-error": {
    when: "The file, or one that it imports, does not parse.",
    fix: "Correct it at the place that is named.",
  },
  "missing-import": {
    when: "Something that the file imports is not there.",
    fix: "Install the package, or correct the path.",
  },
  "import-failed": {
    when: "Code outside of the tasks threw an error, or ended the process, while the file was loaded.",
    fix: "See its message; move what takes time or may fail into tasks.",
  },
  "no-dag": { when: "The file declares no DAG.", fix: "Write `export default dag({ … }, () => { … })`." },
  "several-dags": { when: "The file declares several DAGs and none was chosen.", fix: "Say which: `--dag-id`." },
  "unknown-dag": { when: "The file has no DAG of that id.", fix: "Give one of the ids that the message names." },

  // building the graph
  "async-dag-body": {
    when: "The body of `dag()` or `task_group()` is asynchronous.",
    fix: "Make it synchronous; what takes time belongs into tasks.",
  },
  "outside-dag": {
    when: "A task or group was called outside of the body of a `dag()`.",
    fix: "Call it in the body.",
  },
  "missing-task-id": {
    when: "A task has no name: its function has none, and no `task_id` is given.",
    fix: "Give a `task_id`, or name the function.",
  },
  "duplicate-task-id": {
    when: "Two operators, or a task and a group, have the same id. Airflow: `DuplicateTaskIdFound`.",
    fix: "Give one of them another id.",
  },
  "duplicate-dag-id": { when: "Two DAGs of the file have the same id.", fix: "Give one of them another id." },
  "invalid-id": {
    when: "An id is empty, too long, or has other characters than letters, digits, `-`, `_` and `.`.",
    fix: "Choose another id: at most 250 characters, 200 for groups, which have no dots.",
  },
  cycle: {
    when: "Tasks wait for each other in a circle. Airflow: `AirflowDagCycleException`.",
    fix: "Take out one of the dependencies that the message names.",
  },
  "invalid-argument": {
    when: "Something was given that the call does not take.",
    fix: "See the message: it names the argument and what may stand there.",
  },
  "unknown-parameter": {
    when: "A task or group was given an input that its function does not have.",
    fix: "Correct the name, or take the input out.",
  },
  "unmappable-parameter": {
    when: "`expand` was given an option of the task itself, such as `task_id` or `pool`, which is the same for all instances.",
    fix: "Give it to the task or to `partial()`.",
  },
  "partial-and-expand": {
    when: "An input is given to both `partial` and `expand`, or by a dict of `expand_kwargs` once more.",
    fix: "Give it in one place.",
  },
  "never-expanded": {
    when: "`partial()` was called and nothing expanded it, so there is no task.",
    fix: "Call `expand()` or `expand_kwargs()` on it.",
  },
  "empty-expand": { when: "`expand()` names nothing to expand over.", fix: "Give at least one list, dict or result." },
  "not-mappable": {
    when: "Something is mapped over that is neither a list nor a dict; for `expand_kwargs`, no list of dicts. Airflow: `UnmappableXComTypePushed`.",
    fix: "Give or return a list or a dict; for `expand_kwargs` a list of dicts.",
  },
  "entry-not-mappable": {
    when: "`expand`, `map`, `zip` or `concat` was given an entry of a result, from `get(key)`.",
    fix: "Return what is mapped over as a whole result of a task.",
  },
  "map-over-task": {
    when: "`map()` was given a task instead of a plain function.",
    fix: "Give it a function, or expand the task over the result.",
  },
  "not-a-reference": {
    when: "`zip` or `concat` was given something else than results of tasks.",
    fix: "Return the list from a task.",
  },
  "always-with-mapping": {
    when: "A task with the trigger rule `always`, which waits for nothing, maps over a result or stands in a mapped group.",
    fix: "Use another rule, such as `all_done`.",
  },
  "nested-mapping": {
    when: "Something in a mapped group is mapped once more.",
    fix: "Map the group only: make a list of all combinations first.",
  },
  "map-over-mapped-group": {
    when: "The result of a task in a mapped group is mapped over from outside.",
    fix: "Collect the results with a task that takes them all and returns a list.",
  },
  "mapped-branch": {
    when: "A `task.branch` or `task.short_circuit` is mapped outside of a mapped group, where its instances cannot choose for others.",
    fix: "Put it and what it decides about into a mapped group.",
  },
  "fail-fast-trigger-rule": {
    when: "A DAG with `fail_fast` has a task with another trigger rule than `all_success`. Airflow: `FailFastDagInvalidTriggerRule`.",
    fix: "Use `all_success` everywhere, or take `fail_fast` out.",
  },
  "graph-not-deterministic": {
    when: "The file made another graph in a worker than when the run was started.",
    fix: "Make the graph of the same things every time: no dates, random numbers, environment or files that change.",
  },

  // history and environment
  "unknown-run": { when: "The history has no such run.", fix: "See `fanout runs`." },
  "unknown-task": { when: "The run, or the DAG, has no task of that id.", fix: "See `fanout show RUN`." },
  "unknown-map-index": {
    when: "The task has no instance of that index or name, or, where it is to be marked, none yet.",
    fix: "See `fanout show RUN TASK`; a name is known once the instance, or for `run` one of an earlier run, has ended.",
  },
  "ambiguous-instance": {
    when: "Several instances of the task have that name.",
    fix: "Name the one that is meant by its index: the message lists them.",
  },
  "unknown-try": {
    when: "The instance, or every one of the task, has had no try of that number.",
    fix: "See `fanout show RUN TASK --map-index N`: it lists the tries.",
  },
  "invalid-params": {
    when: "The params of the run are no JSON object, or not what the DAG's params may be.",
    fix: "See the message: it names the param and what is wrong with it.",
  },
  "invalid-schedule": {
    when: "A schedule is no cron expression or span of time that can be read, the `timezone` does not exist, or a DAG without data intervals is to be backfilled.",
    fix: 'Write `"@daily"`, a cron expression such as `"30 6 * * mon-fri"`, or a span such as `{ hours: 6 }`.',
  },
  "unknown-pool": {
    when: "A task uses a pool that is not configured.",
    fix: "Add it to the configuration, or correct its name.",
  },
  "missing-connection": {
    when: "A connection that the code asks for is not there.",
    fix: "Set `AIRFLOW_CONN_<ID>` to a URI or to JSON.",
  },
  "missing-variable": {
    when: "A variable that the code asks for is not there, and no default was given.",
    fix: "Set `AIRFLOW_VAR_<KEY>`, or give a default.",
  },
  "invalid-option": {
    when: "An option of the command, an environment variable or the configuration has a value that it cannot have.",
    fix: "See the message.",
  },
  "run-locked": {
    when: "Another process is working on this run.",
    fix: "Wait until it has ended, or stop it with 'fanout cancel RUN'.",
  },
  "run-not-live": {
    when: "A run is to be cancelled that no process is executing.",
    fix: "Look with 'fanout show RUN' how it ended: nothing is to be done.",
  },
  "nothing-to-do": {
    when: "A run is to go on that has ended, and nothing of it is left to do.",
    fix: "Run some of it once more with 'fanout clear RUN', or start a new run.",
  },
  "graph-changed": {
    when: "A run is to go on, but its DAG file has other tasks now than when the run began, or one that has run is mapped since, or is not any more.",
    fix: "Run the DAG anew, or bring back the tasks that the run began with.",
  },
  "store-failed": {
    when: "The record of a run cannot be read or written: a full disk, a folder without permission, a broken file.",
    fix: "See the message; make room or give permission.",
  },
  internal: { when: "A defect of Fanout itself.", fix: "Report it, with the message." },
};
