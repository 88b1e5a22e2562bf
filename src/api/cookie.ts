import type { CookieSerializeOptions } from "@fastify/cookie";
import type { FastifyReply, FastifyRequest } from "fastify";

import type { AccessConfig } from "../access/config.ts";

/** `__Host-`: the browser takes it over https only, for this host alone and all of its paths; nobody below or beside can set it. */
function nameOf(name: string, access: AccessConfig): string {
  return isSecure(access) ? `__Host-interlock-${name}` : `interlock-${name}`;
}

function isSecure({ publicUrl }: AccessConfig): boolean {
  return publicUrl?.startsWith("https://") ?? false;
}

type Name = "session" | "sign-in";

export function readCookie(request: FastifyRequest, name: Name, access: AccessConfig): string | undefined {
  const value = request.cookies[nameOf(name, access)];
  return value === undefined || value === "" || value.length > 200 ? undefined : value;
}

/** Scripts cannot read it, and other sites' requests do not carry it, but for links that lead here. */
export function setCookie(
  reply: FastifyReply,
  name: Name,
  value: string,
  maxAgeMs: number,
  access: AccessConfig,
): void {
  void reply.setCookie(nameOf(name, access), value, {
    ...place(access),
    maxAge: Math.floor(maxAgeMs / 1000),
  });
}

export function clearCookie(reply: FastifyReply, name: Name, access: AccessConfig): void {
  void reply.clearCookie(nameOf(name, access), place(access));
}

function place(access: AccessConfig): CookieSerializeOptions {
  return { path: "/", httpOnly: true, sameSite: "lax", secure: isSecure(access) };
}
