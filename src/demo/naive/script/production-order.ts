/** A production order as the ERP shows it, as far as the plants are told of it. */
export interface ProductionOrder {
  readonly ProductionOrderNumber: string;
  readonly ItemNumber: string;
  readonly ScheduledQuantity: number;
  readonly ILKBOMRevision: string;
  readonly SourceRouteId: string;
  readonly ProductionSiteId: string;
  /** Days of the plant, `YYYY-MM-DDT12:00:00Z`, and seconds since its midnight. */
  readonly ScheduledStartDate: string;
  readonly ScheduledStartTime: number;
  readonly ScheduledEndDate: string;
  readonly ScheduledEndTime: number;
  readonly ProductionOrderBillOfMaterialLines: readonly {
    readonly LineNumber: number;
    readonly ItemNumber: string;
    readonly EstimatedBOMLineQuantity: number;
    readonly RouteOperationNumber: number;
    readonly FlushingPrinciple: string;
  }[];
  readonly ProductionOrderRouteOperations: readonly {
    readonly OperationNumber: number;
    readonly OperationId: string;
    readonly CostingOperationResourceId: string;
    readonly ILKIsReportingOperation: string;
    /** Hours: once, and for each piece. */
    readonly SetupTime: number;
    readonly ProcessTime: number;
  }[];
}
