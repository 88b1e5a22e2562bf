import type { Dispatcher } from "undici";

export type Gated = Dispatcher.RequestOptions & { readonly onWrite?: (() => void) | undefined };

/**
 * Calls `onWrite` when a request leaves the pool's queue for a connected socket, with nothing awaited in between. A call
 * that fails before that was provably not sent: no connection, a certificate not trusted, a queue that took too long.
 */
export const writeGate: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
  const { onWrite } = options as Gated;
  const start = handler.onRequestStart;
  handler.onRequestStart = (controller, context) => {
    onWrite?.();
    start?.call(handler, controller, context);
  };
  return dispatch(options, handler);
};
