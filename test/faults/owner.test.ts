import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { linkSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { onTestFinished, describe, expect, it, vi } from "vitest";
import { isAlive, processStart } from "../../runtime/src/store/isAlive.js";
import { askOwner, takeOwnership } from "../../runtime/src/store/owner.js";
import { Project, refusalOf } from "../runtime/support/project.js";
import { until } from "../support/until.js";

const TAKER = new URL("support/taker.ts", import.meta.url).pathname;

/** A process that takes a run's folder when it is told to, and holds it until it is killed. */
async function taker(dir: string): Promise<{ child: ChildProcess; take: () => Promise<string> }> {
  const child = fork(TAKER, [dir], { execArgv: ["--import", "tsx"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child, "message");
  const take = async (): Promise<string> => {
    const answer = once(child, "message");
    child.send("take");
    return String((await answer)[0]);
  };
  return { child, take };
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

/** Takes the folder once more; it is free again afterwards. */
async function isFree(dir: string): Promise<boolean> {
  const owner = await takeOwnership(dir);
  owner.release();
  return true;
}

const left = (dir: string): string[] => readdirSync(dir).filter((name) => /owner|sock/.test(name));

describe("the owner of a run", () => {
  it("that was killed is in nobody's way, and leaves nothing behind", async () => {
    const { folder } = new Project();
    const { child, take } = await taker(folder);
    expect(await take()).toBe("taken");
    expect((await refusalOf(takeOwnership(folder))).code).toBe("run-locked");
    await end(child);
    expect(await isFree(folder)).toBe(true);
    expect(left(folder)).toEqual([]);
  });

  it.skipIf(process.platform === "win32")(
    "that is suspended keeps the run, and takes what it is asked for when it goes on",
    async () => {
      const { folder } = new Project();
      const { child, take } = await taker(folder);
      expect(await take()).toBe("taken");
      child.kill("SIGSTOP");
      expect((await refusalOf(takeOwnership(folder))).code).toBe("run-locked");
      const asked = once(child, "message");
      const isAsked = askOwner(folder, { type: "cancel" });
      await new Promise((resolve) => setImmediate(resolve));
      child.kill("SIGCONT");
      expect(await isAsked).toBe(true);
      expect((await asked)[0]).toBe("cancel");
    },
  );

  it("is not taken for another process that has its number now", async () => {
    const { folder } = new Project();
    const socket = path.join(folder, "fanout-0123456789abcdef.sock");
    // The number of a process that is alive, and a socket that nobody listens on.
    writeFileSync(path.join(folder, "owner-3"), JSON.stringify({ socket, host: hostname(), pid: process.pid }));
    expect(await isFree(folder)).toBe(true);
    if (process.platform === "linux") expect(isAlive(process.pid, `${String(processStart(process.pid))}0`)).toBe(false);
  });

  it("is one of all that try at once", async () => {
    const { folder } = new Project();
    const first = await taker(folder);
    await first.take();
    const others = await Promise.all([taker(folder), taker(folder), taker(folder)]);
    await end(first.child);
    for (let round = 0; round < 5; round++) {
      const answers = await Promise.all(others.map(({ take }) => take()));
      expect(answers.filter((answer) => answer === "taken").length).toBeLessThanOrEqual(1);
      expect(answers.filter((answer) => answer !== "taken" && answer !== "run-locked")).toEqual([]);
      const owner = others[answers.indexOf("taken")];
      if (owner) {
        await end(owner.child);
        others.splice(others.indexOf(owner), 1, await taker(folder));
      }
    }
  });

  it("in this process is one of all that try at once, and the next one comes when it has released", async () => {
    const { folder } = new Project();
    for (let round = 0; round < 20; round++) {
      const attempts = await Promise.allSettled(Array.from({ length: 8 }, () => takeOwnership(folder)));
      const owners = attempts.flatMap((attempt) => (attempt.status === "fulfilled" ? [attempt.value] : []));
      expect(owners.length).toBeLessThanOrEqual(1);
      for (const owner of owners) owner.release();
    }
    expect(await isFree(folder)).toBe(true);
    expect(left(folder)).toEqual([]);
  });

  it("that was killed between its steps leaves nothing that stops the next one", async () => {
    const { folder } = new Project();
    // Killed while it wrote its file, and killed before that: a socket, a part of a file, an empty one.
    writeFileSync(path.join(folder, "owner-1.0a1b2c3d.partial"), '{"socket":');
    writeFileSync(path.join(folder, "fanout-00112233445566aa.sock"), "");
    writeFileSync(path.join(folder, "owner-1"), "");
    expect(await isFree(folder)).toBe(true);
    expect(left(folder)).toEqual([]);
  });

  it("gives up where another one began to count anew while it looked", async () => {
    const { folder } = new Project();
    const other = await takeOwnership(folder);
    const [name = ""] = readdirSync(folder).filter((one) => one.startsWith("owner-"));
    // As a process sees it whose look came before all of that: the last owner it knows of has the number 7.
    const { socket } = JSON.parse(readFileSync(path.join(folder, name), "utf8")) as { socket: string };
    const dead = { socket: `${socket}x`, host: hostname(), pid: 1 };
    writeFileSync(path.join(folder, "owner-7"), JSON.stringify(dead));
    expect((await refusalOf(takeOwnership(folder))).code).toBe("run-locked");
    expect(await askOwner(folder, { type: "ping" })).toBe(false);
    expect(readdirSync(folder)).toContain(name);
    linkSync(path.join(folder, name), path.join(folder, "owner-8"));
    expect(await askOwner(folder, { type: "ping" })).toBe(true);
    other.release();
  });

  it.skipIf(process.platform === "win32").each(["a", "ä", "計", "😀"])(
    "is one in a folder of any length, also where a letter takes more than one byte: %s",
    async (letter) => {
      const { folder } = new Project();
      const lengths = Array.from({ length: 120 }, (_, index) => index + 1);
      for (const length of lengths.filter((one) => Buffer.byteLength(letter) * one < 240)) {
        const dir = path.join(folder, letter.repeat(length));
        mkdirSync(dir);
        const owner = await takeOwnership(dir);
        expect((await refusalOf(takeOwnership(dir))).code).toBe("run-locked");
        owner.release();
        expect(left(dir)).toEqual([]);
      }
    },
  );

  it.skipIf(process.platform === "win32").each([
    ["is as deep", "計".repeat(30), true],
    ["is not there", "nowhere", false],
  ])("in a deep folder is found also where the temporary folder %s", async (_, name, isMade) => {
    const { folder } = new Project();
    const [dir, temporary] = [path.join(folder, "ä".repeat(60)), path.join(folder, name)];
    mkdirSync(dir);
    if (isMade) mkdirSync(temporary);
    vi.stubEnv("TMPDIR", temporary);
    onTestFinished(() => void vi.unstubAllEnvs());
    const owner = await takeOwnership(dir);
    expect((await refusalOf(takeOwnership(dir))).code).toBe("run-locked");
    owner.release();
    expect(await isFree(dir)).toBe(true);
  });

  it("of another machine is not judged from here", async () => {
    const { folder } = new Project();
    const content = { socket: path.join(folder, "s.sock"), host: `${hostname()}-other`, pid: 1 };
    writeFileSync(path.join(folder, "owner-1"), JSON.stringify(content));
    const refused = await refusalOf(takeOwnership(folder));
    expect(refused.code).toBe("run-locked");
    expect(refused.advice).toContain(folder);
  });

  it("has been there for as long as its process is", async () => {
    const { folder } = new Project();
    const { child, take } = await taker(folder);
    await take();
    const ended = once(child, "exit");
    process.kill(child.pid ?? 0, "SIGTERM");
    await ended;
    await until(() => !isAlive(child.pid ?? 0));
    expect(await isFree(folder)).toBe(true);
  });
});
