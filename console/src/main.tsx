import "@fontsource-variable/inter/wght.css";
import "./theme/mantine.css";
import "./theme/tokens.css";

import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { SignedIn } from "./access/signed-in.tsx";
import { queryClient } from "./api/query.ts";
import { loadFirstPage, openRouter } from "./router.tsx";
import { styleNonce } from "./theme/nonce.ts";
import { THEME } from "./theme/theme.ts";

const router = openRouter();
loadFirstPage(router);

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <MantineProvider theme={THEME} defaultColorScheme="auto" getStyleNonce={styleNonce}>
      <QueryClientProvider client={queryClient}>
        <Notifications position="bottom-right" limit={4} />
        <SignedIn>
          <RouterProvider router={router} />
        </SignedIn>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
