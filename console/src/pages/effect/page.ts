import { definePage } from "../../page.ts";

export default definePage({
  path: "effects/$reference",
  title: "Effect",
  permission: "effect.read",
  load: async () => (await import("./effect.tsx")).Effect,
});
