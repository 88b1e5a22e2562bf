import { definePage } from "../../page.ts";

export default definePage({
  path: "cases/$case",
  title: "Case",
  permission: "case.read",
  load: async () => (await import("./case.tsx")).Case,
});
