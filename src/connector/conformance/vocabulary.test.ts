import { expect, test } from "vitest";
import { vocabularyProblems } from "./vocabulary.ts";

const described = (name: string, more: object = {}) => ({
  name,
  description: "What it is for, in a line",
  ...more,
});

test("accepts the words all connectors use", () => {
  const secret = described("clientSecret", { secret: true });
  expect(
    vocabularyProblems([described("baseUrl"), described("pageSize"), described("holdMs"), secret]),
  ).toEqual([]);
});

test("names the word to use, the unit, the secret and the help that are missing", () => {
  const fields = [described("endpoint"), described("pollInterval"), described("apiKey"), { name: "Tenant" }];
  expect(vocabularyProblems(fields)).toEqual([
    "endpoint: the word for this is baseUrl",
    "pollInterval: times are in milliseconds and end in Ms",
    "apiKey: is a secret, mark it with secret: true",
    "Tenant: names are in camelCase",
    "Tenant: needs a description of one line",
  ]);
});
