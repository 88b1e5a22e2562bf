const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";

/** The hub lets pass only style elements that carry it: libraries that write their own are given it. */
export function styleNonce(): string {
  return nonce;
}
