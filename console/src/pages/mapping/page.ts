import { definePage } from "../../page.ts";

export default definePage({
  path: "mappings/$system/$mapping",
  title: "Mapping",
  permission: "mapping.read",
  load: async () => (await import("./mapping.tsx")).Mapping,
});
