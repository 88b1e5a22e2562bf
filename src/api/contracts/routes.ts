import { Type } from "typebox";

import { type Contract, CONTRACT_FOLDERS, type ContractKind } from "../../contract/registry.ts";
import { notFound } from "../problem.ts";
import { defineRoutes } from "../route.ts";
import { oneOf, strictObject, text, wholeNumber } from "../schema.ts";

const KINDS = Object.keys(CONTRACT_FOLDERS) as ContractKind[];

const SUMMARY = Type.Object({
  kind: oneOf(KINDS),
  name: Type.String(),
  major: Type.Integer(),
  type: Type.String({ description: "What stands in an envelope or an effect: interlock.OrderRequested.v1." }),
  description: Type.String(),
  hash: Type.String({ description: "SHA-256 over the schema and everything it refers to." }),
});
const WHOLE = Type.Object({
  ...SUMMARY.properties,
  schema: Type.Unsafe<object>({ type: "object", description: "JSON Schema 2020-12." }),
});

export default defineRoutes((api, { contracts }) => {
  api.get(
    "/v1/contracts",
    {
      config: { access: "contract.read" },
      schema: {
        tags: ["contracts"],
        summary: "Every contract, by kind, name and version",
        querystring: strictObject({ kind: Type.Optional(oneOf(KINDS)) }),
        response: { 200: Type.Object({ items: Type.Array(SUMMARY) }) },
      },
    },
    async ({ query: { kind } }) => ({
      items: contracts.contracts.filter((each) => kind === undefined || each.kind === kind).map(summaryOf),
    }),
  );

  api.get(
    "/v1/contracts/:kind/:name/:major",
    {
      config: { access: "contract.read" },
      schema: {
        tags: ["contracts"],
        summary: "One contract with its schema",
        params: strictObject({
          kind: oneOf(KINDS),
          name: text("OrderRequested"),
          major: wholeNumber("The major version: 1"),
        }),
        response: { 200: WHOLE },
      },
    },
    async ({ params: { kind, name, major } }) => {
      const contract = contracts.get(kind, name, Number(major));
      if (!contract) throw notFound(`${kind} contract`, `${name} version ${major}`);
      return { ...summaryOf(contract), schema: contract.schema };
    },
  );
});

function summaryOf({ kind, name, major, type, description, hash }: Contract) {
  return { kind, name, major, type, description, hash };
}
