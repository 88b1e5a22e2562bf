// A process's README shows the states that its definition has.
process.argv.push("--check");
await import("./generate-states.ts");
