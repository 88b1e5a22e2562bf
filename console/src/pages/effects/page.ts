import { IconSend } from "@tabler/icons-react";

import { definePage } from "../../page.ts";

export default definePage({
  path: "effects",
  title: "Effects",
  permission: "effect.read",
  navigation: { section: "settle", order: 2, icon: IconSend },
  load: async () => (await import("./effects.tsx")).Effects,
});
