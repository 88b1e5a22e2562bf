// The arrows: which folder may know which. `npm test -- --only arrows` checks them.

const TESTS = "\\.(test|prove)\\.ts$|/testing/";
/** What a process or a connector implements may be known everywhere: it is words, not machinery. */
const CONTRACTS = "^src/(process|connector)/contract\\.ts$";

/** The line, from the outside in. A folder may know those below it, never one beside or above it. */
const LINE = [
  ["cli"],
  ["api"],
  ["intake", "dispatch", "process", "case", "view"],
  ["route"],
  ["ledger"],
  ["db"],
];

const lineRules = LINE.map((level, i) => {
  const above = LINE.slice(0, i).flat();
  return {
    name: `${level.join("-")}-knows-nothing-above`,
    comment: "Arrows point one way: api, cli -> intake, dispatch, process, case -> route -> ledger -> db.",
    severity: "error",
    from: { path: `^src/(${level.join("|")})/`, pathNot: TESTS },
    to: { path: `^src/(${above.join("|")})/`, pathNot: CONTRACTS },
  };
}).slice(1);

export default {
  forbidden: [
    ...lineRules,
    {
      name: "no-cycle-of-files",
      comment: "Files in a cycle can only be understood together: move what both need into one of its own.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-cycle-of-folders",
      comment: "Two concepts that know each other are one concept, or the arrow between them points wrongly.",
      severity: "error",
      scope: "folder",
      from: { path: "^src/([^/]+)" },
      to: { circular: true, pathNot: "^src/$1(/|$)" },
    },
    {
      name: "engine-scans-extensions",
      comment: "Connectors and processes are found by scanning their folders, never imported by name.",
      severity: "error",
      from: { path: "^src/", pathNot: TESTS },
      to: { path: "^(connectors|processes|simulators|examples|scripts|bench)/" },
    },
    {
      name: "no-test-code-in-the-engine",
      comment: "What only tests use stays out of what runs.",
      severity: "error",
      from: { path: "^(src|connectors|processes|simulators)/", pathNot: TESTS },
      to: { path: "\\.test\\.ts$|^src/testing/|^src/[^/]+/testing/" },
    },
    {
      name: "connector-knows-its-contract",
      comment:
        "A connector knows its own folder and src/connector: nothing of other systems or of processes.",
      severity: "error",
      from: { path: "^connectors/([^/]+)/", pathNot: "\\.test\\.ts$" },
      to: {
        path: "^(src|processes|connectors|simulators|examples)/",
        pathNot: "^(connectors/$1/|src/connector/)",
      },
    },
    {
      name: "process-knows-its-contract",
      comment: "A process knows its own folder and src/process: it decides, and does nothing else.",
      severity: "error",
      from: { path: "^processes/([^/]+)/", pathNot: TESTS },
      to: {
        path: "^(src|processes|connectors|simulators|examples)/",
        pathNot: "^(processes/$1/|src/process/)",
      },
    },
    {
      name: "process-is-pure",
      comment: "No input or output in a decision: ids, time and answers come in with the event.",
      severity: "error",
      from: { path: "^processes/", pathNot: TESTS },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "console-knows-the-api-only",
      comment: "The console is a client of the public API: it shares no code with the hub.",
      severity: "error",
      from: { path: "^console/" },
      to: { path: "^(src|processes|connectors|simulators|examples|scripts|bench)/" },
    },
    {
      name: "page-knows-no-other-page",
      comment: "A page is added and removed alone: what two of them need is a noun of its own beside pages/.",
      severity: "error",
      from: { path: "^console/src/pages/([^/]+)/" },
      to: { path: "^console/src/pages/", pathNot: "^console/src/pages/$1/" },
    },
    {
      name: "simulator-stands-alone",
      comment:
        "A simulator plays another company's product: what it shares with us could hide a fault of ours.",
      severity: "error",
      from: { path: "^simulators/([^/]+)/" },
      to: { path: "^(src|processes|connectors|simulators|examples)/", pathNot: "^simulators/$1/" },
    },
  ],
  options: {
    // TypeScript 7 has no programming interface that the tool could use.
    parser: "swc",
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(node_modules|\\.interlock|coverage|console/dist[^/]*)/" },
  },
};
