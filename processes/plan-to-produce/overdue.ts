/** What should have come by now and has not. */
import { proceed } from "./proceed.ts";
import { type Handle, openWorks, phaseOf } from "./state.ts";
import { differences, missingOperations, openPostings } from "./sum.ts";
import { aCase } from "./telling.ts";

export const silent: Handle = (context) => {
  const { key, event, state } = context;
  const expected = phaseOf(state) === "releasing" ? "whether the plant takes it" : "word of the work";
  const names = openWorks(state);
  return proceed(context, state, {
    derive: names.map((workOrder) => ({
      name: "WorkOrderSilent",
      subject: `workOrder/${workOrder}`,
      data: {
        workOrder,
        productionOrder: key,
        waitingSince: state.heardAt ?? event.time,
        dueAt: event.time,
        expected,
      },
    })),
    cases: [
      aCase(
        "WORK_ORDER_SILENT",
        "plant-operations",
        `nothing was heard of ${names.join(", ")} of production order ${key} since ${state.heardAt}: ${expected} was due`,
        "see at the plant whether the work goes on and why it is not reported; the case closes with the next report",
      ),
    ],
  });
};

export const echoOverdue: Handle = (context) => {
  const { key, event, state } = context;
  return proceed(context, state, {
    derive: [
      {
        name: "ConfirmationOverdue",
        data: {
          productionOrder: key,
          waitingSince: state.echoSince ?? event.time,
          dueAt: event.time,
          waitingFor: "erp",
        },
      },
    ],
    cases: [
      aCase(
        "CONFIRMATION_OVERDUE",
        "finance",
        `the ERP has not posted what the plant reported on production order ${key}: ${openPostings(state).join("; ")}`,
        "see in the ERP what holds the postings, such as a closed period; the case closes when they have come back",
      ),
    ],
  });
};

export const correctionOverdue: Handle = (context) => {
  const { key, state } = context;
  const corrections = state.waiting.filter(({ name }) => name.endsWith("Corrected"));
  if (corrections.length === 0) return proceed(context, state);
  const named = corrections.map(({ data }) => {
    const { workOrder, corrects } = data as { workOrder: string; corrects: number };
    return `report ${corrects} of ${workOrder}`;
  });
  return proceed(context, state, {
    cases: [
      aCase(
        "CORRECTION_WITHOUT_REPORT",
        "plant-operations",
        `production order ${key}: corrections came of ${named.join(", ")}, which did not come`,
        "have the plant send the missing reports again; the corrections are then posted by themselves",
      ),
    ],
  });
};

/** The plant is done, every report that was on its way had its time, and still the sums do not fit. */
export const unsettled: Handle = (context) => {
  const { key, state } = context;
  const missing = missingOperations(state);
  const differ = differences(state);
  return proceed(context, state, {
    cases: [
      ...(missing.length === 0
        ? []
        : [
            aCase(
              "OPERATIONS_MISSING",
              "plant-operations",
              `production order ${key} is done, but nothing was reported on operation ${missing.join(", ")}`,
              "have the plant report them, or close the order in the ERP",
            ),
          ]),
      ...(differ.length === 0
        ? []
        : [
            aCase(
              "QUANTITIES_DIFFER",
              "plant-operations",
              `the quantities of production order ${key} do not fit together: ${differ.join("; ")}`,
              "have the plant correct its reports, change the order's quantity in the ERP, or close it there",
            ),
          ]),
    ],
  });
};
