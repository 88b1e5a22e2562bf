import { addDays } from "../clock.ts";
import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { BOM_HEADERS, BOM_VERSIONS, findBom } from "../product/bill-of-materials.ts";
import { firstSite } from "../stock/place.ts";
import { seedErp } from "./seed.ts";
import { refuse } from "../refusal.ts";
import type { RequestReader } from "../request-reader.ts";

/**
 * A new revision of a bill of materials, in effect from a day on; the one before ends the day before. Orders that are
 * there keep theirs until somebody moves them.
 */
export function reviseBom(erp: Erp, call: Call, request: RequestReader, lines: unknown): string {
  const item = request.text("ItemNumber");
  const revision = request.text("ILKRevision");
  const bomId = request.text("BOMId", `${item}-${revision}`);
  const from = request.date("ValidFromDate", erp.clock.today());
  if (erp.get(BOM_HEADERS, { BOMId: bomId }))
    refuse("AlreadyExists", `Bill of materials ${bomId} exists already`, "BOMId");
  const site = request.text("ProductionSiteId", "");
  const before = findBom(erp, item, site || firstSite(erp), erp.clock.today());
  seedErp(erp, {
    boms: [
      {
        BOMId: bomId,
        ILKItemNumber: item,
        ILKRevision: revision,
        ProductionSiteId: site,
        ValidFromDate: from,
        lines,
      },
    ],
  });
  if (before) {
    const end = addDays(from, -1);
    // A revision of the same day leaves no day for the one before: it is switched off instead.
    erp.change(BOM_VERSIONS, before, end < before.ValidFromDate ? { IsActive: "No" } : { ValidToDate: end });
  }
  erp.record(call, "bom.revise", bomId, { item, revision, from });
  erp.tell(call, "ILKBOMRevisedBusinessEvent", { ItemNumber: item, BOMId: bomId, ILKBOMRevision: revision });
  return bomId;
}
