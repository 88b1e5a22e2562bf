/**
 * The machine builder of the demo: two plants, four customers, two products with what is in them. In the words of the systems
 * that own it: the ERP's seed, and what the CRM and the plants must know besides.
 */

/** A Monday, six in the morning in Lyon and Brno. Ahead of every real clock: no absence can become due while the demo plays. */
export const BEGIN = "2031-05-05T04:00:00.000Z";

export const CUSTOMERS = [
  { number: "C-200", name: "Ateliers Morel SA", city: "Lyon", site: "1" },
  { number: "C-100", name: "Brauer Maschinenbau GmbH", city: "Augsburg", site: "1" },
  { number: "C-300", name: "Novak Strojirny a.s.", city: "Brno", site: "2" },
  { number: "C-900", name: "Hansen Process AS", city: "Aarhus", site: "1" },
] as const;

export const ITEMS = [
  { item: "PUMP-200", name: "Centrifugal pump 200", price: "499.90" },
  { item: "VALVE-50", name: "Control valve 50", price: "229.00" },
] as const;

const piece = { InventoryUnitSymbol: "ea", SalesTaxItemGroupCode: "FULL" };
const made = {
  ...piece,
  ProductionType: "BOM",
  TrackingDimensionGroupName: "Batch",
  ILKIsMakeToOrder: "Yes",
  ILKLeadTimeDays: 5,
  ILKOverdeliveryPercentage: "10",
};
const bought = { ...piece, ILKLeadTimeDays: 3 };
const byLot = { ...bought, TrackingDimensionGroupName: "Batch" };

/** `POST /admin/seed` of the ERP. */
export const ERP_SEED = {
  replace: true,
  sites: [
    { SiteId: "1", SiteName: "Lyon" },
    { SiteId: "2", SiteName: "Brno" },
  ],
  warehouses: [
    { WarehouseId: "11", WarehouseName: "Lyon", OperationalSiteId: "1", ILKDefaultLocationId: "BULK" },
    { WarehouseId: "21", WarehouseName: "Brno", OperationalSiteId: "2", ILKDefaultLocationId: "BULK" },
  ],
  locations: [
    { WarehouseId: "11", WarehouseLocationId: "BULK" },
    { WarehouseId: "21", WarehouseLocationId: "BULK" },
  ],
  customers: CUSTOMERS.map(({ number, name, site }) => ({
    CustomerAccount: number,
    OrganizationName: name,
    CustomerGroupId: "30",
    SalesCurrencyCode: "EUR",
    PaymentTerms: "Net30",
    CreditLimit: "100000",
    SiteId: site,
    SalesTaxGroupCode: "DOM",
  })),
  resources: [
    { OperationsResourceId: "CUT", ResourceName: "Cutting", ProductionSiteId: "1", ILKHourlyRate: "60" },
    { OperationsResourceId: "ASM", ResourceName: "Assembly", ProductionSiteId: "1", ILKHourlyRate: "45" },
    { OperationsResourceId: "TEST", ResourceName: "Test bench", ProductionSiteId: "1", ILKHourlyRate: "80" },
    { OperationsResourceId: "WC-TURN", ResourceName: "Turning", ProductionSiteId: "2", ILKHourlyRate: "52" },
    {
      OperationsResourceId: "WC-BUILD",
      ResourceName: "Assembly",
      ProductionSiteId: "2",
      ILKHourlyRate: "38",
    },
  ],
  products: [
    { ...made, ItemNumber: "PUMP-200", SearchName: "Pump 200", UnitCost: "310", SalesPrice: "499.90" },
    { ...made, ItemNumber: "VALVE-50", SearchName: "Valve 50", UnitCost: "140", SalesPrice: "229.00" },
    { ...byLot, ItemNumber: "HOUSING", SearchName: "Pump housing", UnitCost: "80" },
    { ...bought, ItemNumber: "MOTOR-1", SearchName: "Motor 1 kW", UnitCost: "120" },
    { ...bought, ItemNumber: "MOTOR-2", SearchName: "Motor 2 kW", UnitCost: "170" },
    { ...bought, ItemNumber: "SEAL-N", SearchName: "Seal, nitrile", UnitCost: "2.50" },
    { ...bought, ItemNumber: "SEAL-V", SearchName: "Seal, viton", UnitCost: "6.80" },
    { ...bought, ItemNumber: "SCREW", SearchName: "Screw M8", UnitCost: "0.25" },
    { ...byLot, ItemNumber: "BODY-50", SearchName: "Valve body 50", UnitCost: "48" },
    { ...bought, ItemNumber: "SPINDLE", SearchName: "Valve spindle", UnitCost: "17" },
  ],
  options: [motor("M1", "1 kW", "MOTOR-1", "0"), motor("M2", "2 kW", "MOTOR-2", "75")],
  boms: [
    {
      BOMId: "PUMP-200-A",
      ILKItemNumber: "PUMP-200",
      ILKRevision: "A",
      ProductionSiteId: "1",
      lines: pumpWith("SEAL-N"),
    },
    {
      BOMId: "VALVE-50-A",
      ILKItemNumber: "VALVE-50",
      ILKRevision: "A",
      ProductionSiteId: "2",
      lines: [
        { ItemNumber: "BODY-50", Quantity: "1", RouteOperationNumber: 10, FlushingPrinciple: "Manual" },
        { ItemNumber: "SPINDLE", Quantity: "1", RouteOperationNumber: 20, FlushingPrinciple: "Finish" },
      ],
    },
  ],
  routes: [
    {
      RouteId: "R-PUMP",
      RouteName: "1",
      ItemNumber: "PUMP-200",
      ProductionSiteId: "1",
      operations: [
        { OperationNumber: 10, OperationId: "Cut", ProcessTime: "0.3", CostingOperationResourceId: "CUT" },
        {
          OperationNumber: 20,
          OperationId: "Assemble",
          ProcessTime: "0.5",
          CostingOperationResourceId: "ASM",
        },
        {
          OperationNumber: 30,
          OperationId: "Test",
          ProcessTime: "0.2",
          CostingOperationResourceId: "TEST",
          ILKIsReportingOperation: "Yes",
        },
      ],
    },
    {
      RouteId: "R-VALVE",
      RouteName: "1",
      ItemNumber: "VALVE-50",
      ProductionSiteId: "2",
      operations: [
        {
          OperationNumber: 10,
          OperationId: "Turn",
          ProcessTime: "0.25",
          CostingOperationResourceId: "WC-TURN",
        },
        {
          OperationNumber: 20,
          OperationId: "Build",
          ProcessTime: "0.4",
          CostingOperationResourceId: "WC-BUILD",
          ILKIsReportingOperation: "Yes",
        },
      ],
    },
  ],
  taxRates: [{ SalesTaxGroupCode: "DOM", SalesTaxItemGroupCode: "FULL", RatePercentage: "20" }],
  stock: [
    { ItemNumber: "HOUSING", WarehouseId: "11", ItemBatchNumber: "H-2031-1", Quantity: "100" },
    { ItemNumber: "MOTOR-1", WarehouseId: "11", Quantity: "100" },
    { ItemNumber: "MOTOR-2", WarehouseId: "11", Quantity: "100" },
    { ItemNumber: "SEAL-N", WarehouseId: "11", Quantity: "300" },
    { ItemNumber: "SEAL-V", WarehouseId: "11", Quantity: "300" },
    { ItemNumber: "SCREW", WarehouseId: "11", Quantity: "500" },
    { ItemNumber: "BODY-50", WarehouseId: "21", ItemBatchNumber: "B-2031-1", Quantity: "100" },
    { ItemNumber: "SPINDLE", WarehouseId: "21", Quantity: "100" },
  ],
};

/** What the plants know of items: lots of the products, and which lot of a material lies at the line. */
export const PLANT_ITEMS = {
  "mes-lyon": { "PUMP-200": { tracking: "lot" }, HOUSING: { tracking: "lot", lot: "H-2031-1" } },
  "mes-brno": { "VALVE-50": { tracking: "lot" }, "BODY-50": { tracking: "lot", lot: "B-2031-1" } },
} as const;

/** The next revision of the pump: another seal. */
export const PUMP_B = {
  ItemNumber: "PUMP-200",
  ILKRevision: "B",
  BOMId: "PUMP-200-B",
  ProductionSiteId: "1",
  lines: pumpWith("SEAL-V"),
};

function pumpWith(seal: string): object[] {
  return [
    { ItemNumber: "HOUSING", Quantity: "1", RouteOperationNumber: 10, FlushingPrinciple: "Manual" },
    { ItemNumber: seal, Quantity: "2", RouteOperationNumber: 20, FlushingPrinciple: "Finish" },
    { ItemNumber: "SCREW", Quantity: "4", RouteOperationNumber: 20, FlushingPrinciple: "Finish" },
  ];
}

function motor(id: string, power: string, item: string, price: string): object {
  return {
    ItemNumber: "PUMP-200",
    OptionId: id,
    OptionName: `Motor ${power}`,
    OptionGroup: "MOTOR",
    IsRequired: "Yes",
    SalesPrice: price,
    ComponentItemNumber: item,
    ComponentQuantity: "1",
    RouteOperationNumber: 20,
    FlushingPrinciple: "Finish",
  };
}
