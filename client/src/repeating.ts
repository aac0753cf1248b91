/** Does something again and again, but only while it is wanted: nothing ticks for nobody. */
export class Repeating {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly intervalMs: number,
    private readonly act: () => void,
  ) {}

  want(isWanted: boolean): void {
    if (!isWanted) this.dispose();
    else this.timer ??= setInterval(this.act, this.intervalMs);
  }

  dispose(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
