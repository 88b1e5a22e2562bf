import type { Acceptance } from "../acceptance.ts";
import { readLog } from "./log-file.ts";

const acceptance: Acceptance = {
  name: "factory-log",
  purpose:
    "a real factory's log of 45 work orders, told as its plant's own messages; the ERP's books equal the file",
  run: async ({ data }) => {
    const rows = readLog(data);
    const sum = (of: (row: (typeof rows)[number]) => string) =>
      rows.reduce((total, row) => total + Number(of(row) || 0), 0);
    const orders = new Map(rows.map(({ workOrder, ordered }) => [workOrder, Number(ordered)]));
    const distinct = new Set(rows.map((row) => JSON.stringify({ ...row, line: undefined })));
    return [
      { what: "rows of the file", expected: 1062, seen: rows.length },
      { what: "work orders", expected: 45, seen: orders.size },
      { what: "pieces ordered", expected: 3097, seen: [...orders.values()].reduce((a, b) => a + b, 0) },
      { what: "rows that repeat another", expected: 9, seen: rows.length - distinct.size },
      {
        what: "pieces completed, each once per operation",
        expected: 20_699,
        seen: sum(({ completed }) => completed),
      },
    ];
  },
};
export default acceptance;
