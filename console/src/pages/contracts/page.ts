import { IconFileCertificate } from "@tabler/icons-react";

import { definePage } from "../../page.ts";

export default definePage({
  path: "contracts",
  title: "Contracts",
  permission: "contract.read",
  navigation: { section: "agree", order: 1, icon: IconFileCertificate },
  load: async () => (await import("./contracts.tsx")).Contracts,
});
