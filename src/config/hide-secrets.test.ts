import { Type } from "typebox";
import { expect, test } from "vitest";

import { HIDDEN, hideSecrets } from "./hide-secrets.ts";

const SCHEMA = Type.Object({
  baseUrl: Type.String(),
  clientSecret: Type.Unsafe<string>({ type: "string", secret: true }),
  accounts: Type.Array(Type.Object({ user: Type.String(), key: Type.Unsafe<string>({ secret: true }) })),
});

test("shows what is no secret, at any depth", () => {
  expect(
    hideSecrets(
      { baseUrl: "https://mes", clientSecret: "s3cret", accounts: [{ user: "a", key: "k3y" }] },
      SCHEMA,
    ),
  ).toEqual({ baseUrl: "https://mes", clientSecret: HIDDEN, accounts: [{ user: "a", key: HIDDEN }] });
});

test("hides what no schema describes", () => {
  expect(hideSecrets({ secret: "s", more: { inner: 1 } }, undefined)).toEqual({
    secret: HIDDEN,
    more: { inner: HIDDEN },
  });
  expect(hideSecrets({ baseUrl: "https://mes", other: "x" }, SCHEMA)).toMatchObject({ other: HIDDEN });
});
