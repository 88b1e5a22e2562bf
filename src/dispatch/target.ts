import type { Connector, Session } from "../connector/contract.ts";
import type { LeaseWork } from "../lease/leases.ts";
import { startDispatcher, TIMEOUT_MS, type Dispatcher, type DispatcherOptions } from "./dispatcher.ts";

export interface Target extends LeaseWork {
  readonly dispatcher: Dispatcher;
  /** For the polls of the same system: tokens and connections are shared. */
  readonly session: Session;
}

/** The work of a lease `system:<id>`: a session of its connector, and the dispatcher that sends through it. */
export async function openTarget(
  connector: Connector,
  config: unknown,
  options: Omit<DispatcherOptions, "session" | "effects">,
): Promise<Target> {
  const { system, pace } = options;
  const session = await connector.open({ system, config, timeoutMs: pace?.timeoutMs ?? TIMEOUT_MS });
  try {
    const dispatcher = await startDispatcher({ ...options, session, effects: connector.effects });
    return {
      dispatcher,
      session,
      async stop(how) {
        await dispatcher.stop(how);
        await session.close();
      },
    };
  } catch (error) {
    await session.close();
    throw error;
  }
}
