import { existsSync, readFileSync } from "node:fs";
import { Type } from "typebox";

import { asyncApi } from "../../contract/async-api.ts";
import { contractDifference } from "../../contract/difference.ts";
import type { Contract } from "../../contract/registry.ts";
import { samplesFile } from "../../contract/samples.ts";
import { reachableSchemas } from "../../contract/validator.ts";
import { notFound } from "../problem.ts";
import { defineRoutes } from "../route.ts";
import { oneOf, strictObject, text, wholeNumber } from "../schema.ts";
import { ADDRESS, CHECK, DIFFERENCE, KINDS, SUMMARY, WHOLE } from "./contract.ts";
import { consumersOf, producersOf } from "./parties.ts";

export default defineRoutes((api, context) => {
  const { contracts, hub, project } = context;

  function find(kind: Contract["kind"], name: string, major: number): Contract {
    const contract = contracts.get(kind, name, major);
    if (!contract) throw notFound(`${kind} contract`, `${name} version ${major}`);
    return contract;
  }

  function summaryOf({ kind, name, major, type, description, hash }: Contract) {
    const versions = contracts.contracts
      .filter((each) => each.kind === kind && each.name === name)
      .map((each) => each.major)
      .toSorted((a, b) => a - b);
    const owners = kind === "event" ? [...project.authority.ownersOf(name)] : [];
    return { kind, name, major, type, description, hash, versions, owners };
  }

  api.get(
    "/v1/contracts",
    {
      config: { access: "contract.read" },
      schema: {
        tags: ["contracts"],
        summary: "Every contract, by kind, name and version",
        querystring: strictObject({
          kind: Type.Optional(oneOf(KINDS)),
          search: Type.Optional(text("Words that all stand in the name or the description.", 100)),
          owner: Type.Optional(text("Events that this role or system may tell: erp", 100)),
        }),
        response: { 200: Type.Object({ items: Type.Array(SUMMARY) }) },
      },
    },
    async ({ query: { kind, search, owner } }) => {
      const words = search?.toLowerCase().split(/\s+/) ?? [];
      const matches = ({ name, description }: Contract) =>
        words.every((word) => `${name} ${description}`.toLowerCase().includes(word));
      return {
        items: contracts.contracts
          .filter((each) => (kind === undefined || each.kind === kind) && matches(each))
          .map(summaryOf)
          .filter(({ owners }) => owner === undefined || owners.includes(owner)),
      };
    },
  );

  api.get(
    "/v1/contracts/:kind/:name/:major",
    {
      config: { access: "contract.read" },
      schema: {
        tags: ["contracts"],
        summary: "One contract: its schema and samples, who tells it and who reads it",
        params: ADDRESS,
        response: { 200: WHOLE },
      },
    },
    async ({ params: { kind, name, major } }) => {
      const contract = find(kind, name, Number(major));
      return {
        ...summaryOf(contract),
        schema: contract.schema,
        parts: partsOf(contract),
        samples: samplesOf(contract),
        producers: producersOf(contract, context),
        consumers: consumersOf(contract, context),
        recordOnly: (kind === "event" && project.recordOnly[name]) || null,
      };
    },
  );

  api.get(
    "/v1/contracts/:kind/:name/:major/difference",
    {
      config: { access: "contract.read" },
      schema: {
        tags: ["contracts"],
        summary: "What differs from an earlier version, in words, and whether the two get along",
        params: ADDRESS,
        querystring: strictObject({ from: wholeNumber("The major version to compare with.") }),
        response: { 200: DIFFERENCE },
      },
    },
    async ({ params: { kind, name, major }, query: { from } }) => {
      const [older, newer] = [find(kind, name, Number(from)), find(kind, name, Number(major))];
      const { compatibility, changes } = contractDifference(older, newer, contracts.library);
      return { from: older.major, to: newer.major, compatibility, changes: [...changes] };
    },
  );

  api.post(
    "/v1/contracts/:kind/:name/:major/check",
    {
      config: { access: "contract.read" },
      schema: {
        tags: ["contracts"],
        summary: "Hold content against a contract, without sending it",
        params: ADDRESS,
        body: strictObject({
          content: Type.Unknown({ description: "An event's data or an effect's payload." }),
        }),
        response: { 200: CHECK },
      },
    },
    async ({ params: { kind, name, major }, body: { content } }) => {
      const contract = find(kind, name, Number(major));
      const verdict = contract.validate(content);
      const problems = verdict.ok ? [] : verdict.problems;
      return { ok: verdict.ok, problems, personal: contract.personal(content) };
    },
  );

  const document = asyncApi(contracts, hub.version);
  api.get(
    "/v1/asyncapi.json",
    {
      config: { access: "contract.read" },
      schema: {
        tags: ["contracts"],
        summary: "The events as AsyncAPI 3.0",
        response: { 200: Type.Unsafe<object>({ type: "object", additionalProperties: true }) },
      },
    },
    async () => document,
  );

  function partsOf({ schema }: Contract): Record<string, object> {
    const own = String(schema["$id"]);
    const uris = [...reachableSchemas(own, contracts.library)].filter((uri) => uri !== own);
    return Object.fromEntries(uris.toSorted().map((uri) => [uri, contracts.library.get(uri)!]));
  }
});

/** Read when asked for: contracts are many, and their samples are looked at one by one. */
function samplesOf(contract: Contract) {
  const file = samplesFile(contract);
  if (!existsSync(file)) return null;
  return JSON.parse(readFileSync(file, "utf8")) as {
    valid: unknown[];
    invalid: { pointer: string; data: unknown }[];
  };
}
