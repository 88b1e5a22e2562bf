import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createCrosswalk } from "./crosswalk.ts";
import { readCrosswalkFiles } from "./file.ts";

const folder = mkdtempSync(join(tmpdir(), "crosswalks-"));
afterAll(() => rmSync(folder, { recursive: true }));

function read(text: string) {
  const file = join(folder, "x.csv");
  writeFileSync(file, text);
  const { rows, problems } = readCrosswalkFiles([file], new Set(["erp", "mes"]));
  return { rows, problems: problems.map((problem) => problem.replaceAll(`${folder}/`, "")) };
}

test("translates both ways, a system's own row before the general one", () => {
  const { rows, problems } = read(
    "\ufeffsystem,kind,native,canonical\r\n# units\r\n*,unit,ST,H87\r\n\r\nerp,unit,ST,C62\r\nerp,item,1000234,PUMP-200\r\n",
  );
  expect(problems).toEqual([]);
  const crosswalk = createCrosswalk(rows);
  expect(crosswalk.toCanonical("erp", "unit", "ST")).toBe("C62");
  expect(crosswalk.toCanonical("mes", "unit", "ST")).toBe("H87");
  expect(crosswalk.toNative("erp", "item", "PUMP-200")).toBe("1000234");
  expect(() => crosswalk.toCanonical("mes", "item", "1000234")).toThrow(
    'no crosswalk row for system mes, kind item, native value "1000234"',
  );
});

test("refuses an ambiguous way back unless one row is preferred", () => {
  const text = "system,kind,native,canonical\nerp,status,A,confirmed\nerp,status,B,confirmed\n";
  const crosswalk = createCrosswalk(read(text).rows);
  expect(crosswalk.toCanonical("erp", "status", "B")).toBe("confirmed");
  expect(() => crosswalk.toNative("erp", "status", "confirmed")).toThrow(
    'status "confirmed" is "A" or "B" in erp',
  );
  const marked = createCrosswalk(read(text.replace("B,", "B,+")).rows);
  expect(marked.toNative("erp", "status", "confirmed")).toBe("B");
  expect(marked.toCanonical("erp", "status", "B")).toBe("confirmed");
  expect(marked.revision).not.toBe(crosswalk.revision);
});

test.each([
  [
    "system,kind,native\n",
    "x.csv:1: the columns must be system,kind,native,canonical, not system,kind,native",
  ],
  ["system,kind,native,canonical\nerp,unit,ST\n", "x.csv:2: Invalid Record Length"],
  ["system,kind,native,canonical\n\nerp,unit,,C62\n", "x.csv:3: native is empty"],
  ["system,kind,native,canonical\ncrm,unit,ST,C62\n", 'x.csv:2: there is no system "crm" in interlock.yaml'],
  ["system,kind,native,canonical\nerp,a b,ST,C62\n", 'x.csv:2: kind "a b" must be a word'],
  [
    "system,kind,native,canonical\nerp,unit,ST,C62\n#\nerp,unit,ST,H87\n",
    'x.csv:4: unit "ST" of erp is already "C62" at x.csv:2',
  ],
])("%j is refused with file and line", (text, problem) => {
  expect(read(text).problems).toEqual([expect.stringContaining(problem)]);
});
