import { IconKey } from "@tabler/icons-react";

import { definePage } from "../../page.ts";

export default definePage({
  path: "tokens",
  title: "My tokens",
  permission: "token.own",
  navigation: { section: "run", order: 60, icon: IconKey },
  load: async () => (await import("./tokens.tsx")).Tokens,
});
