import type { Figure, Node } from "./answer.ts";

export interface Trouble {
  readonly text: string;
  readonly since: string | null;
}

/** What keeps the systems from telling one story, in words; empty when nothing does. */
export function troublesOf(figures: readonly Figure[], nodes: readonly Node[]): Trouble[] {
  const value = (name: Figure["name"]) => figures.find((each) => each.name === name);
  const { value: share = null, of = null } = value("orders-consistent") ?? {};
  const differing = share === null || of === null ? 0 : Math.round((1 - share) * of);
  const cut = nodes.filter(({ health }) => health === "silent").map(({ system }) => system);
  const failing = nodes.filter(({ health }) => health === "failing").map(({ system }) => system);
  const found: (Trouble | false)[] = [
    differing > 0 && { text: `${count(differing, "order")} on which systems differ`, since: null },
    cut.length > 0 && { text: `${cut.join(", ")} cut off`, since: null },
    failing.length > 0 && { text: `${failing.join(", ")} not answering`, since: null },
    counted(value("messages-quarantined"), "message", "in quarantine"),
    counted(value("effects-unknown"), "effect", "of unknown outcome"),
    counted(value("effects-parked"), "effect", "waiting for a person"),
    counted(value("confirmations-not-posted"), "confirmation", "not posted"),
  ];
  return found.filter((each): each is Trouble => each !== false);
}

function counted(figure: Figure | undefined, noun: string, what: string): Trouble | false {
  if (!figure?.value) return false;
  return { text: `${count(figure.value, noun)} ${what}`, since: figure.since };
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
