/**
 * Gathers what happens in quick succession and hands it on at most once per interval, so that 1000 state changes a
 * second cost the editor a handful of redraws.
 */
export class Coalescer<T> {
  private readonly pending = new Set<T>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly intervalMs: number,
    private readonly deliver: (items: readonly T[]) => void,
  ) {}

  add(item: T): void {
    this.pending.add(item);
    this.timer ??= setTimeout(() => {
      this.flush();
    }, this.intervalMs);
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.pending.size === 0) return;
    const items = [...this.pending];
    this.pending.clear();
    this.deliver(items);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.pending.clear();
  }
}
