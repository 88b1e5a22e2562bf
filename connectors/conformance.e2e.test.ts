import { conformance, findCandidates } from "../src/connector/conformance/suite.ts";
import { withMappings } from "../src/mapping/conformance/mapped.ts";

for (const candidate of await findCandidates(import.meta.dirname)) conformance(withMappings(candidate));
