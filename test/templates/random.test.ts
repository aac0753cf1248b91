import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { literalEval } from "../../runtime/src/worker/templates/literalEval.js";
import { toRepr } from "../../runtime/src/worker/templates/text.js";
import { problemOf, render, renderNative } from "./support.js";

const words = fc.constantFrom(
  ..."{{ }} {% %} {# #} if for in endif endfor else set x ds params.n ti 1 2.5 'a' [ ] ( ) { } , : | . + - * / // % ** ~ == < > not and or is none".split(
    " ",
  ),
  ..."upper join('-') map('int') default(1) logical_date.add(days=1) macros.ds_add(ds,1) [1,2] {'a':1} range(3) \n".split(
    " ",
  ),
);

describe("whatever a template says", () => {
  it("it gives a text or fails as a template, never otherwise", () => {
    const template = fc.array(words, { maxLength: 14 }).map((parts) => parts.join(" "));
    fc.assert(
      fc.property(template, (text) => void problemOf(text)),
      { numRuns: 500 },
    );
  });

  it("an expression gives a text or fails as a template", () => {
    const expression = fc.array(words, { minLength: 1, maxLength: 8 }).map((parts) => `{{ ${parts.join(" ")} }}`);
    fc.assert(
      fc.property(expression, (text) => void problemOf(text)),
      { numRuns: 500 },
    );
  });

  it("a text without a template in it stays as it is, but for the line break at its end", () => {
    const plain = fc.string({ unit: "grapheme" }).filter((text) => !/\{[{%#]|#\}/.test(text));
    fc.assert(
      fc.property(plain, (text) => {
        expect(render(text)).toBe(text.replace(/\r?\n$/, ""));
      }),
    );
  });

  it("what a context holds is printed and not rendered again", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(render("{{ x }}", { x: `{{ ds }}${text}` })).toBe(`{{ ds }}${text}`);
      }),
    );
  });
});

describe("values of the context", () => {
  const json = fc.jsonValue({ depthSize: "small" });

  it("stay what they are where templates give values", () => {
    fc.assert(
      fc.property(
        json.filter((value) => typeof value !== "string"),
        (value) => {
          expect(renderNative("{{ x }}", { x: value })).toEqual(value);
        },
      ),
    );
  });

  it("are printed as Python literals, which say the same again", () => {
    const text = fc.string({ unit: fc.constantFrom(..."ab'\"\\\n\t {}é☃".split("")) });
    const plain = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 3 }, text, fc.integer(), fc.boolean(), fc.constant(null), tie("list"), tie("dict")),
      list: fc.array(tie("value"), { maxLength: 3 }),
      dict: fc.dictionary(text, tie("value"), { maxKeys: 3, noNullPrototype: true }),
    })).value;
    fc.assert(
      fc.property(plain, (value) => {
        expect(literalEval(toRepr(value))).toEqual(value);
      }),
    );
  });

  it("survive tojson", () => {
    fc.assert(
      fc.property(json, (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(render("{{ x | tojson }}", { x: value }))).toEqual(plain);
      }),
    );
  });
});

describe("dates", () => {
  const date = fc.date({ min: new Date("1971-01-01"), max: new Date("2099-12-31"), noInvalidDate: true });
  const zone = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland");

  it("keep their moment in every zone, and come back from their parts", () => {
    fc.assert(
      fc.property(date, zone, (x, tz) => {
        expect(render("{{ x.in_timezone(tz).timestamp() }}", { x, tz })).toBe(String(x.getTime() / 1000));
        expect(Date.parse(render("{{ x.in_timezone(tz).isoformat() }}", { x, tz }))).toBe(x.getTime());
        expect(render("{{ x.in_timezone(tz).replace(minute=x.in_timezone(tz).minute) == x }}", { x, tz })).toMatch(
          /True|False/,
        );
      }),
    );
  });

  it("are what is added to them and taken away again", () => {
    fc.assert(
      fc.property(date, fc.integer({ min: -4000, max: 4000 }), (x, n) => {
        expect(render("{{ x.add(days=n).subtract(days=n) == x }}", { x, n })).toBe("True");
        expect(render("{{ (x + macros.timedelta(hours=n) - x).total_seconds() }}", { x, n })).toBe(String(n * 3600));
        expect(render("{{ macros.ds_add(x | ds, n) }}", { x, n })).toBe(
          new Date(Date.UTC(x.getUTCFullYear(), x.getUTCMonth(), x.getUTCDate() + n)).toISOString().slice(0, 10),
        );
      }),
    );
  });

  it("are read back from what strftime wrote", () => {
    const format = "%Y-%m-%d %H:%M:%S.%f %z";
    fc.assert(
      fc.property(date, (x) => {
        expect(render("{{ macros.datetime.strptime(x.strftime(f), f) == x }}", { x, f: format })).toBe("True");
      }),
    );
  });
});
