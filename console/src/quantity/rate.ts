/** A rate as it is read from afar: `0`, `0.4`, `12`, `9 800`. */
export function writeRate(perSecond: number): string {
  if (perSecond === 0) return "0";
  if (perSecond < 0.1) return "< 0.1";
  if (perSecond < 10) return String(Math.round(perSecond * 10) / 10);
  return String(Math.round(perSecond)).replaceAll(/\B(?=(\d{3})+$)/g, "\u202f");
}
