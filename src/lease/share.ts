/**
 * Which names a hub should give up or may take, so that hubs that live have about as many of each kind (`process:07`,
 * `system:d365`). Nobody gives up below the fair share, so names do not wander to and fro; and a name that has been free for
 * a whole lease goes to whoever sees it, because those it was meant for cannot have it.
 */
export function share(
  names: readonly string[],
  hubs: number,
  held: ReadonlySet<string>,
  free: readonly { readonly name: string; readonly freeMs: number | null }[],
  leaseMs: number,
): { giveUp: string[]; take: string[] } {
  const giveUp: string[] = [];
  const take: string[] = [];
  for (const group of Map.groupBy(names, kindOf).values()) {
    const fair = Math.ceil(group.length / Math.max(1, hubs));
    const mine = group.filter((name) => held.has(name));
    giveUp.push(...mine.slice(fair));
    let room = fair - mine.length;
    for (const { name, freeMs } of free.filter((each) => group.includes(each.name))) {
      if (room-- > 0 || (freeMs ?? 0) > leaseMs) take.push(name);
    }
  }
  return { giveUp, take };
}

function kindOf(name: string): string {
  return name.slice(0, (name + ":").indexOf(":"));
}
