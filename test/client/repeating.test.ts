import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Repeating } from "../../client/src/repeating.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("what is done again and again", () => {
  it("is done while it is wanted, and leaves no timer where it is not", () => {
    let times = 0;
    const repeating = new Repeating(1000, () => (times += 1));
    expect(vi.getTimerCount()).toBe(0);
    repeating.want(true);
    repeating.want(true);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(3000);
    expect(times).toBe(3);
    repeating.want(false);
    expect(vi.getTimerCount()).toBe(0);
    repeating.want(true);
    vi.advanceTimersByTime(1000);
    expect(times).toBe(4);
    repeating.dispose();
    expect(vi.getTimerCount()).toBe(0);
  });
});
