import { definePage } from "../../page.ts";

export default definePage({
  path: "accounts/$account",
  title: "Account",
  permission: "account.admin",
  load: async () => (await import("./account.tsx")).Account,
});
