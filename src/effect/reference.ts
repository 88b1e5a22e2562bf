import { hash } from "node:crypto";

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 16;

/**
 * The reference of an effect: 80 bits in 16 characters of Crockford base 32, which fit the reference fields of real
 * products. Derived, never drawn: the same decision made again, on a database restored to before it, names the same effect,
 * so the target can be asked whether it has it. The ledger's id is in it: two installations never share one.
 * @param cause identity of the event that was decided on; its place in the ledger may differ after a restore
 */
export function effectReference(decided: {
  readonly ledgerId: string;
  readonly process: string;
  readonly key: string;
  readonly name: string;
  readonly cause: { readonly source: string; readonly id: string };
}): string {
  const { ledgerId, process, key, name, cause } = decided;
  return encode(JSON.stringify([ledgerId, process, key, name, cause.source, cause.id]));
}

/** The reference of an effect that takes the place of another with corrected content. */
export function replacementReference(replaced: string, payloadHash: string): string {
  return encode(JSON.stringify([replaced, payloadHash]));
}

function encode(text: string): string {
  const digest = hash("sha256", text, "buffer");
  let bits = 0;
  let held = 0;
  let at = 0;
  let reference = "";
  while (reference.length < LENGTH) {
    if (held < 5) {
      bits = ((bits & 31) << 8) | digest[at++]!;
      held += 8;
    }
    held -= 5;
    reference += CROCKFORD[(bits >> held) & 31];
  }
  return reference;
}
