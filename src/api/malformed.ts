import type { Socket } from "node:net";

import { type ErrorCatalogue, Problem, problemBody } from "./problem.ts";

const STATUS_TEXT: Record<number, string> = {
  400: "Bad Request",
  408: "Request Timeout",
  431: "Request Header Fields Too Large",
};

/** What cannot be read as HTTP reaches no route: it is answered on the bare connection, which then ends. */
export function answerMalformed(
  catalogue: ErrorCatalogue,
): (error: Error & { code?: string }, socket: Socket) => void {
  return (error, socket) => {
    if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
    const problem = problemOf(error.code);
    const body = JSON.stringify(problemBody(problem, catalogue));
    socket.end(
      `HTTP/1.1 ${problem.status} ${STATUS_TEXT[problem.status]}\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    );
  };
}

function problemOf(code: string | undefined): Problem {
  if (code === "HPE_HEADER_OVERFLOW")
    return new Problem(431, "REQUEST_INVALID", "address and headers are longer than 16384 bytes");
  if (code === "ERR_HTTP_REQUEST_TIMEOUT")
    return new Problem(408, "REQUEST_INVALID", "the request did not come whole in time");
  return new Problem(400, "REQUEST_INVALID", "what was sent is no HTTP/1.1 request");
}
