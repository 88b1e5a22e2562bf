import { definePage } from "../../page.ts";

export default definePage({
  path: "processes/$process",
  title: "Process",
  permission: "process.read",
  load: async () => (await import("./process.tsx")).Process,
});
