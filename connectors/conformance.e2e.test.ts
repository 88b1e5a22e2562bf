import { conformance, findCandidates } from "../src/connector/conformance/suite.ts";

for (const candidate of await findCandidates(import.meta.dirname)) conformance(candidate);
