import { join } from "node:path";

import { defineRoutes } from "../route.ts";
import { serveConsole } from "./serve.ts";

export default defineRoutes((api) => serveConsole(api, join(import.meta.dirname, "../../../console/dist")));
