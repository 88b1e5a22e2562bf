import { type CaseRow, type CaseRules, caseRow, ownerOf, systemCase } from "../case/open.ts";

/** Same source and id, other content: nothing was overwritten, and somebody must find out which one is right. */
export function conflictCase(
  about: {
    source: string;
    id: string;
    subject: string;
    system: string;
    correlation: string;
    plant?: string | null | undefined;
    /** How the other content came to be known. */
    happened: string;
    member: { kind: "event" | "inbound"; ref: string };
  },
  rules: CaseRules,
  now: string,
): CaseRow {
  return caseRow(
    {
      kind: "EVENT_CONFLICT",
      owner: ownerOf("EVENT_CONFLICT", about.system, rules),
      subject: about.subject,
      title: `${about.system} told the same event twice with different content`,
      detail: {
        happened: about.happened,
        evidence: { source: about.source, id: about.id },
        remedy: `Compare both in ${about.system}. The first one stands; if the second is right, have it sent as a correction with an id of its own.`,
      },
      sameAs: [about.source, about.id],
      member: about.member,
      system: about.system,
      correlation: about.correlation,
      plant: about.plant,
    },
    rules,
    now,
  );
}

/**
 * A native message that was kept and cannot be admitted. What fails for the same reason shares a case; what its mapping
 * refuses by its content is for whoever answers for the system, each with its own reason.
 */
export function quarantineCase(
  about: {
    system: string;
    stream: string;
    id: number;
    nativeId: string;
    objectKey: string;
    code: string;
    message: string;
    pointer?: string | undefined;
  },
  rules: CaseRules,
  now: string,
): CaseRow {
  const { system, stream, code, pointer, objectKey, nativeId } = about;
  const member = { kind: "inbound", ref: String(about.id) } as const;
  if (code === "MAPPING_REFUSED")
    return systemCase(
      "MESSAGE_REFUSED",
      {
        system,
        subject: objectKey,
        happened: about.message,
        evidence: { code, message: nativeId },
        sameAs: [system, stream, nativeId],
        member,
      },
      rules,
      now,
    );
  return caseRow(
    {
      kind: "MESSAGE_QUARANTINED",
      owner: ownerOf("MESSAGE_QUARANTINED", system, rules),
      subject: objectKey,
      title: `Messages of ${system}/${stream} cannot be admitted: ${code}`,
      detail: {
        happened: about.message,
        evidence: { code, message: nativeId, ...(pointer !== undefined && { pointer }) },
        remedy:
          "Correct what the message names (mapping, crosswalk, authority, or the data in the system), then admit the messages of this case again; or discard them. Later messages of the same objects wait.",
      },
      sameAs: [system, stream, code, pointer ?? ""],
      member,
      system,
    },
    rules,
    now,
  );
}
