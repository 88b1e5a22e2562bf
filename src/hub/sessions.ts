import { mappedStreams, nativeWriter } from "../config/mappings.ts";
import type { Project, System } from "../config/project.ts";
import type { Connector, Session, ToNative } from "../connector/contract.ts";
import type { Mappings } from "../mapping/mappings.ts";
import type { LiveCrosswalk } from "../crosswalk/live.ts";
import { CALL_TIMEOUT_MS } from "../dispatch/dispatcher.ts";
import { type Answerer, ask } from "../dispatch/question.ts";

/** One system as this hub can speak with it. */
export interface Speaker {
  readonly system: System;
  readonly connector: Connector | undefined;
  /** Undefined: the system pushes canonical events and nothing is sent to it. */
  readonly session: Session | undefined;
  /** Reads what was kept from any of its streams. */
  readonly reader: Pick<Session, "identify" | "translate">;
  /** For a stream that it pushes; without `verify` the admin token is asked for. */
  readonly pushed: (stream: string) => Session | undefined;
}

export interface Speakers {
  readonly of: ReadonlyMap<string, Speaker>;
  readonly close: () => Promise<void>;
}

/**
 * Opens a session on every system. None of them is called yet.
 * @param mappings those of the project, where it has any
 */
export async function openSpeakers(
  project: Project,
  mappings: Mappings | undefined,
  crosswalk?: LiveCrosswalk,
): Promise<Speakers> {
  crosswalk?.onChange((rows) => mappings?.use(rows));
  const of = new Map<string, Speaker>();
  for (const system of project.systems.values()) {
    const connector = project.connectors.get(system.connector ?? "");
    const write = mappings && nativeWriter(project, mappings, system);
    const toNative: ToNative | undefined =
      write &&
      (async (effect, payload) => {
        await crosswalk?.look();
        return write(effect, payload);
      });
    const session = await connector?.open({
      system: system.id,
      config: system.config,
      timeoutMs: system.pace.timeoutMs ?? CALL_TIMEOUT_MS,
      ...(toNative && { toNative }),
    });
    const mapped = mappings ? mappedStreams(project, mappings, system, session) : undefined;
    const reader = (stream: string) => mapped?.get(stream) ?? session ?? UNREADABLE;
    of.set(system.id, {
      system,
      connector,
      session,
      reader: {
        identify: (stream, message) => reader(stream).identify(stream, message),
        async translate(stream, message) {
          await crosswalk?.look();
          return reader(stream).translate(stream, message);
        },
      },
      pushed(stream) {
        if (Object.hasOwn(system.streams, stream)) return { ...UNREADABLE, ...reader(stream) };
        return connector?.streams[stream]?.kind === "webhook" ? session : undefined;
      },
    });
  }
  return {
    of,
    async close() {
      await Promise.all([...of.values()].map(({ session }) => session?.close()));
    },
  };
}

/** The systems that answer a query. @param type `CheckOrder.v1` */
export function answerersOf(type: string, speakers: ReadonlyMap<string, Speaker>): Answerer[] {
  const name = type.replace(/\.v\d+$/, "");
  return [...speakers.values()].flatMap(({ system, connector, session, reader }) => {
    if (!session || !connector || !Object.hasOwn(connector.effects, name)) return [];
    return [{ system: system.id, ask: (payload, signal) => ask({ type, payload, signal, session, reader }) }];
  });
}

/** A stream that was configured when its messages were kept, and is not any more. */
const UNREADABLE: Session = {
  identify: () => undefined,
  translate: (stream) =>
    Promise.resolve({
      ok: false,
      code: "STREAM_UNKNOWN",
      message: `nothing reads the stream ${stream} any more`,
    }),
  apply: () => Promise.resolve({ class: "reject", reason: "this system takes nothing" }),
  close: () => Promise.resolve(),
};
