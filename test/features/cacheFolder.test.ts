import { describe, expect, it } from "vitest";
import { cacheFolder } from "#core/cacheFolder.js";

const home = (): string => "/home/ada";

describe("where things are kept that can be made again", () => {
  it.each([
    ["linux", {}, "/home/ada/.cache/fanout"],
    ["linux", { XDG_CACHE_HOME: "/caches" }, "/caches/fanout"],
    ["linux", { XDG_CACHE_HOME: "caches" }, "/home/ada/.cache/fanout"],
    ["linux", { XDG_CACHE_HOME: "" }, "/home/ada/.cache/fanout"],
    ["darwin", {}, "/home/ada/Library/Caches/fanout"],
    ["win32", { LOCALAPPDATA: "C:\\Users\\ada\\AppData\\Local" }, "C:\\Users\\ada\\AppData\\Local/fanout"],
  ])("is on %s with %j in %s", (platform, env, expected) => {
    expect(cacheFolder(platform, env, home)).toBe(expected);
  });

  it("is nowhere for a user without a folder, unless one is named", () => {
    const nobody = (): string => {
      throw new Error("no entry");
    };
    expect(cacheFolder("linux", {}, nobody)).toBeNull();
    expect(cacheFolder("linux", {}, () => "")).toBeNull();
    expect(cacheFolder("linux", { XDG_CACHE_HOME: "/caches" }, nobody)).toBe("/caches/fanout");
  });
});
