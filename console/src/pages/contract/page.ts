import { definePage } from "../../page.ts";

export default definePage({
  path: "contracts/$kind/$name/$major",
  title: "Contract",
  permission: "contract.read",
  load: async () => (await import("./contract.tsx")).Contract,
});
