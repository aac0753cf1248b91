import { expect, it } from "vitest";
import { DagFileMemo } from "../../server/src/features/dagFileMemo.js";

it("asks about a file again only when its imports change", () => {
  const texts = new Map([
    ["/a.ts", 'import { b } from "./b.js";\nlet x = 1;\n'],
    ["/b.ts", "export const b = 1;\n"],
  ]);
  const asked: string[] = [];
  const memo = new DagFileMemo(
    (fileName) => {
      asked.push(fileName);
      return fileName === "/a.ts";
    },
    (fileName) => texts.get(fileName),
  );
  expect(memo.ask("/a.ts")).toBe(true);
  expect(memo.ask("/b.ts")).toBe(false);
  texts.set("/a.ts", 'import { b } from "./b.js";\nlet x = 1234;\n');
  memo.ask("/a.ts");
  memo.ask("/b.ts");
  expect(asked).toEqual(["/a.ts", "/b.ts"]);

  texts.set("/b.ts", 'import { dag } from "fanout";\nexport const b = 1;\n');
  memo.ask("/b.ts");
  memo.ask("/a.ts");
  expect(asked).toEqual(["/a.ts", "/b.ts", "/b.ts", "/a.ts"]);

  memo.forget();
  memo.ask("/a.ts");
  memo.ask("/closed.ts");
  memo.ask("/closed.ts");
  expect(asked.slice(4)).toEqual(["/a.ts", "/closed.ts", "/closed.ts"]);
});
