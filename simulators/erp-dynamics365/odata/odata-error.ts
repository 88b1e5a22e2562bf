import { jsonAnswer, type Answer } from "../answer.ts";
import type { Refusal } from "../refusal.ts";

/** The product's error form: the reason for people stands behind `Infolog:` in the inner message. */
export function odataError(refusal: Refusal, entity: string): Answer {
  const { status, message, field, code } = refusal;
  const check = field === "" ? "" : `; Error: validateWrite failed on field '${field}'`;
  const inner =
    entity === "" || status !== 400
      ? message
      : `Write failed for table row of type '${entity}'. Infolog: Error: ${message}${check}.`;
  return errorAnswer(status, inner, `Microsoft.Dynamics.Platform.Integration.Services.OData.${code}`);
}

export function errorAnswer(status: number, inner: string, type: string): Answer {
  return jsonAnswer(status, {
    error: {
      code: "",
      message: "An error has occurred.",
      innererror: { message: inner, type, stacktrace: "" },
    },
  });
}
