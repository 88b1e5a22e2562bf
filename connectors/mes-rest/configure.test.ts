import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkProject } from "../../src/config/check.ts";

const EXAMPLE = join(import.meta.dirname, "../../examples/make-to-order");

const LYON = `  mes-lyon:
    role: mes
    plant: lyon
    connector: mes-rest
    config:
      baseUrl: https://mes.lyon.example.com
      clientId: interlock
      clientSecret: \${LYON_MES_SECRET}
`;

/** A project with a plant of each dialect, the second as README.md configures it. */
function writeProject(): string {
  const readme = readFileSync(join(import.meta.dirname, "README.md"), "utf8");
  const [, brno] = /```yaml\n([^`]+)```/.exec(readme)!;
  const folder = mkdtempSync(join(tmpdir(), "plants-"));
  const plants = "plants: { lyon: { timezone: Europe/Paris }, brno: { timezone: Europe/Prague } }";
  writeFileSync(join(folder, "interlock.yaml"), `name: Plants\n${plants}\n${brno}${LYON}`);
  for (const file of ["mappings/mes-brno", "crosswalks/mes-brno.csv", "crosswalks/mes-lyon.csv"])
    cpSync(join(EXAMPLE, file), join(folder, file), { recursive: true });
  return folder;
}

test("is configured as its README says, one plant by what is shipped, one by what its project brings", async () => {
  const folder = writeProject();
  expect(await checkProject(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
});

test("shows in the check a unit that the plant's crosswalk does not know", async () => {
  const folder = writeProject();
  const table = join(folder, "crosswalks/mes-brno.csv");
  writeFileSync(table, readFileSync(table, "utf8").replace("mes-brno,unit,ST,C62\n", ""));
  const findings = (await checkProject(folder)).map(({ message }) => message);
  expect(findings).toContainEqual(
    expect.stringMatching(/^mappings\/mes-brno\/reports\.samples\.json: .*CROSSWALK_UNKNOWN.*"ST"/),
  );
  rmSync(folder, { recursive: true });
});
