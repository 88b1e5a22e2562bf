import type { FastifyDynamicSwaggerOptions } from "@fastify/swagger";
import { PROBLEM } from "./problem.ts";

const INTRODUCTION = `Events in, the story out, and what people do about it.

Every address but \`/healthz\` and \`/readyz\` needs the hub's bearer token; a native webhook is trusted by its signature.
Lists answer \`{ items, next }\`: pass \`next\` as \`cursor\` for the page after. Errors are RFC 9457 problems with a stable \`code\`.
Times are RFC 3339 in UTC, to the microsecond.`;

export function openApi(version: string): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Interlock",
        version,
        description: INTRODUCTION,
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      servers: [{ url: "/" }],
      components: {
        securitySchemes: { adminToken: { type: "http", scheme: "bearer" } },
        schemas: { Problem: JSON.parse(JSON.stringify(PROBLEM)) as object },
        responses: {
          Problem: {
            description: "Refused or failed; `code` says why, `remedy` what to do.",
            content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
          },
        },
      },
      security: [{ adminToken: [] }],
    },
    transformObject: (document) => {
      const { openapiObject } = document as {
        openapiObject: { paths?: Record<string, Record<string, Operation>> };
      };
      for (const operations of Object.values(openapiObject.paths ?? {})) {
        for (const operation of Object.values(operations)) {
          operation.responses["default"] ??= { $ref: "#/components/responses/Problem" };
        }
      }
      return openapiObject;
    },
  };
}

interface Operation {
  responses: Record<string, unknown>;
}
