import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { FastifySchemaCompiler, FastifySerializerCompiler } from "fastify";
import type { FastifySchema } from "fastify";
import type { Static, TSchema } from "typebox";

/** JSON Schema 2020-12, as written: nothing is converted, filled in or taken away, and every error is told. */
const ajv = new Ajv2020({ allErrors: true, coerceTypes: false, useDefaults: false, removeAdditional: false });
// An OpenAPI word that says nothing about the value.
ajv.addKeyword("example");
addFormats.default(ajv);

/** Compiled with the first request that needs it: a hub has more than a hundred, and a start does without. */
export const compileRequestSchema: FastifySchemaCompiler<FastifySchema> = ({ schema }) => {
  const validate: ReturnType<FastifySchemaCompiler<FastifySchema>> = (data: unknown) => {
    const accepts = ajv.compile(schema as object);
    const valid = accepts(data);
    validate.errors = accepts.errors ?? null;
    return valid;
  };
  return validate;
};

/** Whether a value is as a schema says. What was compiled is kept by the schema itself, so make that once. */
export function isValid<Schema extends TSchema>(schema: Schema, value: unknown): value is Static<Schema> {
  return ajv.validate(schema, value);
}

export const compileAnswer: FastifySerializerCompiler<FastifySchema> = () => (answer) =>
  JSON.stringify(answer);

/** For tests: an answer that is not as documented fails the request. */
export const compileCheckedAnswer: FastifySerializerCompiler<FastifySchema> = ({
  schema,
  method,
  url,
  httpStatus,
}) => {
  const accepts = ajv.compile(schema as object);
  return (answer) => {
    const text = JSON.stringify(answer);
    if (accepts(JSON.parse(text))) return text;
    throw new TypeError(
      `${method} ${url} ${httpStatus}: the answer ${ajv.errorsText(accepts.errors)}: ${text}`,
    );
  };
};
