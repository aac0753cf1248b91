import { closeSync, ftruncateSync, openSync, readSync, unlinkSync } from "node:fs";

/**
 * Who may start the next queued instance: the worker it was sent to, or the engine, which takes it back when the
 * worker is held up by a slow one. One byte of a file that both have open stands for each instance; both read with
 * the same file offset, so each byte is read by exactly one of them, even while the worker is deep in a loop.
 */
export class Claims {
  #size = 0;

  private constructor(
    /** What the worker has, too: nobody can write through it. */
    readonly fd: number,
    readonly ownFd: number,
    readonly removeLater: string | null,
  ) {}

  static create(file: string): Claims {
    const ownFd = openSync(file, "w");
    const fd = openSync(file, "r");
    try {
      unlinkSync(file);
      return new Claims(fd, ownFd, null);
    } catch {
      // Windows does not unlink what is open.
      return new Claims(fd, ownFd, file);
    }
  }

  /** Before the instances are sent. */
  add(count: number): void {
    this.#size += count;
    ftruncateSync(this.ownFd, this.#size);
  }

  /** Number of instances, counted from the end of the queue, that the worker has not started and now never will. */
  takeBack(atMost: number): number {
    let taken = 0;
    const buffer = Buffer.alloc(Math.max(1, atMost));
    for (let read = -1; read !== 0 && taken < atMost; taken += read) {
      read = readSync(this.fd, buffer, 0, atMost - taken, null);
    }
    return taken;
  }

  close(): void {
    closeSync(this.fd);
    closeSync(this.ownFd);
    if (this.removeLater !== null) unlinkSync(this.removeLater);
  }
}
