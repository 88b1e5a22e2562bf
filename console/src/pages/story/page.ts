import { definePage } from "../../page.ts";

export default definePage({
  path: "story/$id",
  title: "Story",
  permission: "order.read",
  load: async () => (await import("./story.tsx")).Story,
});
