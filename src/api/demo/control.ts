/** Where the demo that started this hub listens to whoever looks at it: on this machine, and in no other hub. */
export interface DemoControl {
  readonly origin: string;
  /** Whoever has it may play with the demo. */
  readonly token: string;
}

const LOOPBACK = /^(http:\/\/127\.0\.0\.1:\d{1,5})\/#([\w-]{20,100})$/;

/** Set by the demo for the hub it starts: `http://127.0.0.1:<port>/#<token>`. Anything else is none. */
export const DEMO_VARIABLE = "INTERLOCK_DEMO";

export function demoControl(address = process.env[DEMO_VARIABLE]): DemoControl | undefined {
  const [, origin, token] = LOOPBACK.exec(address ?? "") ?? [];
  return origin === undefined || token === undefined ? undefined : { origin, token };
}
