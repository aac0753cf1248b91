import type { TaskFacts } from "../pool/messages.js";
import type { InstanceLedger } from "./instanceLedger.js";
import { type Axis, type Plan, hasInstances, sourcesOf, taskAt } from "./plan.js";
import type { Scheduler } from "./scheduler.js";

/** What a worker has to be told of a task before it can run an instance of it. */
export class FactSheet {
  readonly #mappedOver: ReadonlySet<number>;

  constructor(
    readonly plan: Plan,
    readonly scheduler: Pick<Scheduler, "isDone">,
    readonly ledger: Pick<InstanceLedger, "tracker" | "baseTries">,
  ) {
    const axes = [...plan.tasks, ...plan.groups].flatMap((each): readonly Axis[] => each.axes ?? []);
    this.#mappedOver = new Set(axes.flatMap(sourcesOf));
  }

  of(position: number): TaskFacts {
    const task = taskAt(this.plan, position);
    const groupAxes = task.group === null ? [] : (this.plan.groups[task.group]?.axes ?? []);
    const needed = [...new Set([...task.upstream, ...groupAxes.flatMap(sourcesOf)])];
    const isBeside = (one: number): boolean => task.group !== null && taskAt(this.plan, one).group === task.group;
    const outside = needed.filter((one) => !isBeside(one));
    const mapped = outside.filter((one) => this.ledger.tracker(one).isMapped);
    return {
      count: hasInstances(task) ? this.ledger.tracker(position).count : null,
      own: task.upstream.filter(isBeside),
      rows: Object.fromEntries(mapped.map((one) => [one, this.ledger.tracker(one).results])),
      isMappingSource: this.#mappedOver.has(position) && !hasInstances(task),
      isEarly: outside.some((one) => !this.scheduler.isDone(one)),
      baseTries: this.ledger.baseTries.ofTask(position),
    };
  }
}
