import { definePage } from "../../page.ts";

export default definePage({
  path: "instances/$process/$key",
  title: "Instance",
  permission: "process.read",
  load: async () => (await import("./instance.tsx")).Instance,
});
