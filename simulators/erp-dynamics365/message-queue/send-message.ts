import { emptyAnswer, jsonAnswer, type Answer } from "../answer.ts";
import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { isObject, parseObject } from "../exact-json.ts";
import { Refusal, refuse } from "../refusal.ts";
import { MESSAGE_TYPES } from "./message-types.ts";
import { MESSAGES, type Message } from "./message.ts";

const QUEUE = "JmgMES3P";
const CONTENT_LIMIT = 500_000;

/**
 * `SendMessage`: keeps the message and says no more than that. What is inside of it is looked at when it is processed;
 * there is no identity by which a second copy could be told.
 */
export function sendMessage(
  erp: Erp,
  call: Call,
  body: string,
  onQueued: (message: Message) => void,
): Answer {
  try {
    const message = readMessage(erp, body);
    erp.store.transact(() => {
      const queued = erp.create(MESSAGES, {
        ...message,
        MessageId: erp.nextNumber("MSG"),
        MessageState: "Queued",
        CreatedDateTime: new Date().toISOString(),
      });
      // Queued is not applied: the reference counts once the message is processed.
      erp.note({ ...call, reference: "" }, "message.queued", queued.MessageId, {
        reference: queued.ILKReference,
        type: queued.MessageType,
        order: queued.ILKProductionOrderNumber,
      });
      erp.store.afterCommit(() => onQueued(queued));
    });
    return emptyAnswer(200);
  } catch (error) {
    if (error instanceof Refusal) return jsonAnswer(error.status, { Message: error.message });
    throw error;
  }
}

function readMessage(erp: Erp, body: string): Partial<Message> {
  const { _companyId, _messageQueue = QUEUE, _messageType, _messageContent } = parseObject(body);
  if (
    typeof _companyId !== "string" ||
    typeof _messageType !== "string" ||
    typeof _messageContent !== "string"
  )
    return refuse(
      "InvalidMessage",
      "Parameters _companyId, _messageType and _messageContent must be given, each as text",
    );
  if (_companyId !== erp.company)
    refuse("UnknownCompany", `Company ${_companyId.slice(0, 10)} does not exist`);
  if (_messageQueue !== QUEUE)
    refuse("UnknownQueue", `Message queue ${String(_messageQueue).slice(0, 40)} does not exist`);
  if (!Object.hasOwn(MESSAGE_TYPES, _messageType))
    refuse("UnknownType", `Message type ${_messageType.slice(0, 60)} is not supported by queue ${QUEUE}`);
  if (_messageContent.length > CONTENT_LIMIT)
    refuse("TooLarge", `_messageContent has more than ${CONTENT_LIMIT} characters`);
  return {
    MessageQueue: QUEUE,
    MessageType: _messageType,
    MessageContent: _messageContent,
    CompanyId: _companyId,
    ...peek(_messageContent),
  };
}

/** What the queue shows of a content: the order that its sequence is kept for, and the reference. Empty where it cannot be read. */
function peek(content: string): Partial<Message> {
  try {
    const value: unknown = JSON.parse(content);
    if (!isObject(value)) return {};
    const { ProductionOrderNumber, ILKReference } = value;
    return {
      ILKProductionOrderNumber:
        typeof ProductionOrderNumber === "string" ? ProductionOrderNumber.slice(0, 40) : "",
      ILKReference: typeof ILKReference === "string" ? ILKReference.slice(0, 80) : "",
    };
  } catch {
    return {};
  }
}
