import { createHash } from "node:crypto";
import { type AnySchemaObject, type ErrorObject, Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { RE2JS } from "re2js";
import { FORMATS, STANDARD_FORMATS, type StandardFormat } from "./formats.ts";
import { appendPointer } from "./pointer.ts";

/** What is wrong at one place of the data. */
export interface ContractProblem {
  /** JSON pointer to the field; for a missing field, where it should be. */
  pointer: string;
  message: string;
  /** The value found there as shortened JSON text; absent when nothing is there or the field is personal. */
  value?: string;
}

export type Verdict = { ok: true } | { ok: false; problems: ContractProblem[] };

export type SchemaLibrary = ReadonlyMap<string, AnySchemaObject>;

/** Keywords beside JSON Schema's own. Others are refused, so that a misspelt one is found. */
export const ANNOTATIONS = ["x-personal", "x-owner", "x-answer", "x-person", "secret"];

const PROBLEM_LIMIT = 20;
const VALUE_LENGTH = 80;

/**
 * Compiles a schema on first use, once per content: `library` is everything the schema may refer to, by URI.
 * A valid document costs one pass that stops at nothing; only an invalid one pays for the list of its problems.
 * @param options trusted: the schema is code of ours, not a file: it is not held against the schema of schemas, and its patterns
 *   are known to end
 */
export function schemaValidator(
  uri: string,
  library: SchemaLibrary,
  { trusted = false } = {},
): (data: unknown) => Verdict {
  let accepts: ValidateFunction | undefined;
  let explains: ValidateFunction | undefined;
  return (data) => {
    if (!accepts && !trusted) checkSchema(uri, library);
    accepts ??= compileOnce(uri, library, { trusted });
    if (accepts(data)) return { ok: true };
    explains ??= compileOnce(uri, library, { trusted, explain: true });
    explains(data);
    return {
      ok: false,
      problems: (explains.errors ?? []).filter(isOwn).slice(0, PROBLEM_LIMIT).map(describe),
    };
  };
}

/** Compiles now. @throws Error with the place when the schema is not valid JSON Schema 2020-12 by strict rules */
export function compileSchema(uri: string, library: SchemaLibrary): void {
  checkSchema(uri, library);
  compileOnce(uri, library);
}

/** Knows the schema of schemas, which costs more to prepare than many contracts: a start does without. */
let checker: Ajv2020 | undefined;

function checkSchema(uri: string, library: SchemaLibrary): void {
  checker ??= new Ajv2020();
  for (const reached of reachableSchemas(uri, library)) checker.validateSchema(library.get(reached)!, true);
}

const compiled = new Map<string, ValidateFunction>();

interface Purpose {
  /** Tells every problem, not only that there is one. */
  readonly explain?: boolean;
  readonly trusted?: boolean;
}

function compileOnce(uri: string, library: SchemaLibrary, purpose: Purpose = {}): ValidateFunction {
  const content = [...reachableSchemas(uri, library)].toSorted().map((u) => library.get(u));
  const hash = createHash("sha256")
    .update(JSON.stringify([uri, purpose, content]))
    .digest("base64");
  let validate = compiled.get(hash);
  if (!validate) {
    validate = compilerOf(library, purpose).getSchema(uri)!;
    compiled.set(hash, validate);
  }
  return validate;
}

/** One compiler per library and purpose: preparing one costs 20 times what compiling a contract does. */
const compilers = new WeakMap<SchemaLibrary, Map<string, Ajv2020>>();

function compilerOf(library: SchemaLibrary, purpose: Purpose): Ajv2020 {
  const ready = compilers.get(library) ?? new Map<string, Ajv2020>();
  compilers.set(library, ready);
  const name = JSON.stringify(purpose);
  let ajv = ready.get(name);
  if (!ajv) {
    ajv = createCompiler(purpose);
    for (const [uri, schema] of library) ajv.addSchema(schema, uri);
    ready.set(name, ajv);
  }
  return ajv;
}

function createCompiler({ explain = false, trusted = false }: Purpose): Ajv2020 {
  const ajv = new Ajv2020({
    strict: true,
    allowUnionTypes: true,
    strictRequired: false, // "required" in a branch may name properties of the branch's parent
    allErrors: explain,
    verbose: explain,
    ...(!trusted && { code: { regExp: linearRegExp } }),
    // see checkSchema
    meta: false,
    validateSchema: false,
  });
  addFormats.default(ajv, { mode: "full", formats: Object.keys(STANDARD_FORMATS) as StandardFormat[] });
  for (const [name, format] of Object.entries(FORMATS))
    ajv.addFormat(name, { type: "string", validate: format.validate });
  ajv.addVocabulary(ANNOTATIONS);
  return ajv;
}

/** Patterns are written by users: RE2 runs in linear time, so no pattern can hang the hub. */
const linearRegExp = Object.assign(
  (pattern: string) => {
    const regex = RE2JS.compile(RE2JS.translateRegExp(pattern));
    // ajv shares patterns by their text form: without one of its own, all patterns would become the first.
    return { test: (text: string) => regex.test(text), toString: () => pattern };
  },
  { code: "linearRegExp" },
);

/** URIs of the schema and of all it refers to. */
export function reachableSchemas(uri: string, library: SchemaLibrary): Set<string> {
  const found = new Set<string>();
  const visit = (u: string): void => {
    const schema = library.get(u);
    if (found.has(u) || !schema) return;
    found.add(u);
    for (const ref of schemaRefs(schema)) visit(new URL(ref, u).href.replace(/#.*$/, ""));
  };
  visit(uri);
  return found;
}

function schemaRefs(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) =>
    key === "$ref" && typeof value === "string" ? [value] : schemaRefs(value),
  );
}

/** Errors of a branching keyword itself only repeat what its branches said. */
function isOwn(error: ErrorObject): boolean {
  return error.keyword !== "if" && error.keyword !== "propertyNames";
}

function describe(error: ErrorObject): ContractProblem {
  const at = error.instancePath;
  switch (error.keyword) {
    case "required":
      return {
        pointer: appendPointer(at, error.params["missingProperty"]),
        message: "is required and missing",
      };
    case "additionalProperties":
      return {
        pointer: appendPointer(at, error.params["additionalProperty"]),
        message: `is not a known field${knownFields(error)}`,
      };
    case "enum":
      return withValue(
        error,
        `must be one of ${error.params["allowedValues"].map((v: unknown) => JSON.stringify(v)).join(", ")}`,
      );
    case "pattern":
      return withValue(error, `${error.message}${explained(error)}`);
    case "format":
      return withValue(error, formatMessage(error.params["format"]));
    default:
      return withValue(error, error.message ?? `fails ${error.keyword}`);
  }
}

/** `; known are id, name`: what was misspelt is seen at once. Long lists would hide it. */
function knownFields({ parentSchema }: ErrorObject): string {
  const names = Object.keys((parentSchema?.["properties"] as object | undefined) ?? {});
  return names.length > 0 && names.length <= 12 ? `; known are ${names.join(", ")}` : "";
}

/** A pattern alone says little to a person; its description shows an example. */
function explained({ parentSchema }: ErrorObject): string {
  const description: unknown = parentSchema?.["description"];
  return typeof description === "string" ? ` (${description})` : "";
}

function formatMessage(name: string): string {
  if (name in FORMATS) return FORMATS[name as keyof typeof FORMATS].message;
  return STANDARD_FORMATS[name as StandardFormat] ?? `must be a ${name}`;
}

function withValue(error: ErrorObject, message: string): ContractProblem {
  const problem = { pointer: error.instancePath, message };
  if (error.parentSchema?.["x-personal"] || error.parentSchema?.["secret"] || typeof error.data === "object")
    return problem;
  const text = JSON.stringify(error.data) ?? "";
  return { ...problem, value: text.length > VALUE_LENGTH ? `${text.slice(0, VALUE_LENGTH)}...` : text };
}
