/** What the console's pages may do in a browser; the API's own answers may do nothing at all. */
export interface PageHeaders {
  readonly "content-security-policy": string;
  readonly "cross-origin-opener-policy": string;
  readonly "permissions-policy": string;
  readonly "x-content-type-options": string;
  readonly "referrer-policy": string;
}

/**
 * Scripts, fonts and calls are the hub's own and no others, and nothing inline runs. Two libraries write style elements while the
 * page runs (Mantine for its variables, CodeMirror for its themes): those pass that carry the nonce, which is new with every
 * answer. Styles that scripts set on elements are no inline styles for the policy. `data:` pictures are CodeMirror's underlines.
 * @param demo the one other place that the pages may call
 */
export function pageHeaders(nonce: string, demo?: string): PageHeaders {
  return {
    "content-security-policy": [
      "default-src 'none'",
      "script-src 'self'",
      `style-src 'self' 'nonce-${nonce}'`,
      "font-src 'self'",
      "img-src 'self' data:",
      `connect-src 'self'${demo === undefined ? "" : ` ${demo}`}`,
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ].join("; "),
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "x-content-type-options": "nosniff",
    // Addresses hold numbers of orders and customers: they stay here.
    "referrer-policy": "no-referrer",
  };
}
