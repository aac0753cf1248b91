import { describe, expect, it } from "vitest";
import { chooseNode, versionOf } from "../../client/src/runs/nodeRuntime.js";

const host = { execPath: "/opt/code/code", version: "v24.1.0" };

function choose(nodePath: string, versions: Record<string, string>, hostVersion = host.version) {
  return chooseNode({
    nodePath,
    host: { ...host, version: hostVersion },
    versionOf: (command) => Promise.resolve(versions[command] ?? null),
  });
}

async function sourceOf(choice: ReturnType<typeof choose>): Promise<string> {
  const chosen = await choice;
  return chosen.ok ? chosen.runtime.source : "refused";
}

describe("which Node runs DAGs", () => {
  it("is the one of the setting, or none where that does not work", async () => {
    expect(await sourceOf(choose("/my/node", { "/my/node": "v22.0.0", node: "v24.0.0" }))).toBe("setting");
    expect(await sourceOf(choose("/my/node", { node: "v24.0.0" }))).toBe("refused");
    expect(await sourceOf(choose("/my/node", { "/my/node": "v20.18.9", node: "v24.0.0" }))).toBe("refused");
  });

  it("is the one on the PATH where it is new enough", async () => {
    expect(await sourceOf(choose("", { node: "v20.19.0" }))).toBe("path");
    expect(await sourceOf(choose("", { node: "v20.18.9" }))).toBe("host");
    expect(await sourceOf(choose("", { node: "v9.0.0" }))).toBe("host");
    expect(await sourceOf(choose("", {}))).toBe("host");
  });

  it("is the editor's own only where that is new enough, started as Node", async () => {
    const choice = await choose("", {});
    expect(choice).toMatchObject({ ok: true, runtime: { env: { ELECTRON_RUN_AS_NODE: "1" } } });
    expect(await sourceOf(choose("", {}, "v18.0.0"))).toBe("refused");
  });

  it("is asked for its version as a process", async () => {
    expect(await versionOf(process.execPath)).toBe(process.version);
    expect(await versionOf("/no/such/node")).toBeNull();
  });
});
