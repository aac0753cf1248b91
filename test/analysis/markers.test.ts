import { describe, expect, it } from "vitest";
import { readFixture } from "../support/fixture.js";
import { describeMarkers, readMarkers } from "../support/markers.js";

describe("markers", () => {
  it("expect a code under columns of the line above", () => {
    const { markers, text } = readMarkers("/a.ts", "let value = 1;\n//  ^^^^^ some-rule\n");
    expect(describeMarkers(markers)).toEqual(["/a.ts 1:5-10 some-rule"]);
    expect(text).toContain("// ");
  });

  it("stack under one line", () => {
    const { markers } = readMarkers("/a.ts", "let value = 1;\n//  ^^^^^ one\n//          ^ two\n");
    expect(describeMarkers(markers)).toEqual(["/a.ts 1:5-10 one", "/a.ts 1:13-14 two"]);
  });

  it("take out the cursor and move the columns behind it", () => {
    const { markers, text, cursor } = readMarkers("/a.ts", "let val/*$0*/ue = one;\n//                ^^^ rule\n");
    expect(text.startsWith("let value = one;")).toBe(true);
    expect(cursor).toEqual({ file: "/a.ts", offset: 7 });
    expect(describeMarkers(markers)).toEqual(["/a.ts 1:13-16 rule"]);
  });

  it("leave ordinary comments alone", () => {
    expect(readMarkers("/a.ts", "// see ^ above\n// ^ but this has spaces in it\n").markers).toEqual([]);
  });
});

describe("fixtures", () => {
  it("name their files, or are one file", () => {
    const fixture = readFixture(`
      //- /flows/etl.ts
      import { x } from "./x.js";
      //- /flows/x.ts
      export const x = 1;
    `);
    expect([...fixture.files.keys()]).toEqual(["/flows/etl.ts", "/flows/x.ts"]);
    expect(fixture.main).toBe("/flows/etl.ts");
    expect(fixture.files.get("/flows/x.ts")).toBe("export const x = 1;\n");
    expect([...readFixture("const x = 1;").files.keys()]).toEqual(["/main.dag.ts"]);
  });

  it("keep the indentation below the shared one", () => {
    expect(readFixture("\n    if (a) {\n      b();\n    }\n  ").files.get("/main.dag.ts")).toBe(
      "if (a) {\n  b();\n}\n",
    );
  });
});
