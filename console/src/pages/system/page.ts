import { definePage } from "../../page.ts";

export default definePage({
  path: "systems/$system",
  title: "System",
  permission: "system.read",
  load: async () => (await import("./system.tsx")).System,
});
