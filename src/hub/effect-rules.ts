import type { EffectRules } from "../case/effect-action.ts";
import type { Project } from "../config/project.ts";

/** What a person's action on an effect is held against. */
export function effectRulesOf({ connectors, contracts, systems }: Project): EffectRules {
  const declarationOf = (system: string, type: string) =>
    connectors.get(systems.get(system)?.connector ?? "")?.effects[type.replace(/\.v\d+$/, "")];
  return {
    canProbe: (system, type) => (declarationOf(system, type)?.safety ?? "neither") !== "neither",
    problemsOf(type, payload) {
      const contract = contracts.byType("effect", type) ?? contracts.byType("query", type);
      if (!contract) return [`no contract is loaded for ${type}`];
      const verdict = contract.validate(payload);
      return verdict.ok ? [] : verdict.problems.map(({ pointer, message }) => `${pointer || "/"} ${message}`);
    },
    laneOf: (system, type, payload) => declarationOf(system, type)?.lane(payload as never) ?? "",
  };
}
