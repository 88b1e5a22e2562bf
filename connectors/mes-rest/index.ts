import { defineConnector, entriesOf, type EffectPayload } from "../../src/connector/index.ts";
import { applyMessage, probeMessage } from "./apply-message.ts";
import { Client } from "./client.ts";
import { config, dialectOf, type MesConfig } from "./config.ts";
import { identify } from "./identify.ts";
import { readChanges } from "./read-changes.ts";
import { verifyWebhook } from "./webhook.ts";

/** How long after a write a look into the log may still miss it. */
const SETTLES_WITHIN_MS = 2_000;

const EVENTS = [
  "ConsumptionCorrected",
  "DowntimeEnded",
  "DowntimeStarted",
  "InspectionRecorded",
  "LotProduced",
  "MaterialConsumed",
  "OperationCompleted",
  "OperationCorrected",
  "OperationStarted",
  "QualityHoldRaised",
  "WorkOrderAborted",
  "WorkOrderAccepted",
  "WorkOrderCompleted",
  "WorkOrderHeld",
  "WorkOrderRejected",
  "WorkOrderResumed",
  "WorkOrderStarted",
];

const ofWorkOrder = {
  safety: "probe",
  settlesWithinMs: SETTLES_WITHIN_MS,
  lane: ({ workOrder }: { workOrder: string }) => `workOrder/${workOrder}`,
} as const;

export default defineConnector<MesConfig>({
  product: "mes-rest",
  title: "Plant MES over REST",
  config,
  streams: {
    changes: {
      kind: "poll",
      events: EVENTS,
      mapping: "reports",
      help: "What the plant reports, in the order of the MES's own feed, read from where the last page ended.",
      intervalMs: 2_000,
    },
    webhook: {
      kind: "webhook",
      events: EVENTS,
      mapping: "reports",
      help: "The same reports, sent at once and signed; may come twice, out of order, or not at all.",
    },
  },
  effects: {
    ReleaseWorkOrder: ofWorkOrder,
    UpdateWorkOrder: ofWorkOrder,
    HoldWorkOrder: ofWorkOrder,
    ResumeWorkOrder: ofWorkOrder,
    CancelWorkOrder: ofWorkOrder,
    RaiseQualityNotification: {
      ...ofWorkOrder,
      lane: ({ notification }: EffectPayload["RaiseQualityNotification.v1"]) =>
        `notification/${notification}`,
    },
  },
  open({ config: settings, timeoutMs, toNative }) {
    const client = new Client(settings, timeoutMs);
    const dialect = dialectOf(settings);
    return {
      apply: (effect, signal) => applyMessage(client, toNative, effect, signal),
      probe: (effect, signal) => probeMessage(client, toNative, effect, signal),
      identify: (_stream, message) => identify(dialect, message),
      // Reports are the vendor's own: a mapping reads them, see mappings/reports.jsonata.
      translate: () =>
        Promise.resolve({
          ok: false,
          code: "MES_MESSAGE_UNMAPPED",
          message: "no mapping reads the reports of this MES",
        }),
      read: (_stream, cursor, signal, share) =>
        readChanges(client, cursor, entriesOf(settings.pageSize ?? 200, share), signal),
      verify: (_stream, headers, raw) => verifyWebhook(settings, headers, raw),
      close: () => client.close(),
    };
  },
});
