import "./language.ts";
import "uplot/dist/uPlot.min.css";
import { useComputedColorScheme } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { IconChartLine } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import UPlot, { type AlignedData, type Options, type Series } from "uplot";

import type { Answer } from "../../api/query.ts";
import { type FigureUnit, writeFigure } from "../../kpi/figure.ts";
import { Notice } from "../../notice/notice.tsx";
import styles from "./chart.module.css";

type Points = Answer<"/v1/kpis/{kpi}">["points"];

const HEIGHT = 260;
const DAY_S = 86_400;
const WEEK_S = 7 * DAY_S;
/** Steps of an axis that are whole in the unit they are read in; by itself the library takes 500 or 1 000 seconds. */
const SPANS_S = [1, 5, 15, 60, 300, 900, 3_600, 2 * 3_600, 6 * 3_600, 12 * 3_600].concat(
  [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000].map((days) => days * DAY_S),
);
/** The tones in an order in which neighbours differ; a sixth line begins again, dashed. */
const TONES = ["--accent", "--tone-late", "--tone-good", "--tone-doubt", "--tone-stopped"];

/** The figure over time, a line for each group. */
export function Chart({ points, unit }: { points: Points; unit: FigureUnit }) {
  const { ref, width } = useElementSize();
  const canvas = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme();

  useEffect(() => {
    if (!canvas.current || width === 0 || points.length === 0) return;
    const { data, groups } = alignedOf(points);
    const plot = new UPlot(optionsOf(groups, unit, width), data, canvas.current);
    return () => plot.destroy();
    // Drawn anew with the scheme: its colours are the page's own.
  }, [points, unit, width, scheme]);

  if (points.length === 0) {
    return (
      <Notice icon={IconChartLine} title="Nothing counted in this time">
        Choose other days, or fewer filters.
      </Notice>
    );
  }
  return (
    <div ref={ref} className={styles["chart"]}>
      <div ref={canvas} role="img" aria-label="The figure over time; the table below has its points" />
    </div>
  );
}

function alignedOf(points: Points): { data: AlignedData; groups: string[] } {
  const groups = [...new Set(points.map(({ group }) => group ?? ""))].toSorted();
  const periods = [...new Set(points.map(({ period }) => period))].toSorted();
  const valueOf = new Map(points.map(({ period, group, value }) => [`${period} ${group ?? ""}`, value]));
  const lines = groups.map((group) => periods.map((period) => valueOf.get(`${period} ${group}`) ?? null));
  return { data: [periods.map((period) => Date.parse(period) / 1_000), ...lines] as AlignedData, groups };
}

function optionsOf(groups: readonly string[], unit: FigureUnit, width: number): Options {
  // A custom property holds `light-dark(...)` as it was written; only a colour that is in use is told apart.
  const colourOf = (name: string) => {
    const probe = document.createElement("span");
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  };
  const axis = { stroke: colourOf("--ink-faint"), grid: { stroke: colourOf("--line"), width: 1 } };
  const font = `11px ${getComputedStyle(document.body).fontFamily}`;
  return {
    width,
    height: HEIGHT,
    // A period is named by its day, which has no zone.
    tzDate: (seconds) => UPlot.tzDate(new Date(seconds * 1_000), "UTC"),
    scales: {
      // A single period has its days around it, and not years.
      x: { range: (_, low, high) => (low === high ? [low - WEEK_S, high + WEEK_S] : [low, high]) },
      y: { range: (_, low, high) => [Math.min(0, low ?? 0), high > 0 ? high * 1.08 : 1] },
    },
    axes: [
      { ...axis, font },
      {
        ...axis,
        font,
        size: 72,
        values: (_, ticks) => ticks.map((tick) => writeFigure(tick, unit)),
        ...(unit === "seconds" && { incrs: SPANS_S }),
      },
    ],
    series: [
      {
        value: (_, seconds) =>
          seconds === null ? "–" : new Date(seconds * 1_000).toISOString().slice(0, 10),
      },
      ...groups.map((group, n): Series => ({
        label: group || "all",
        stroke: colourOf(TONES[n % TONES.length]!),
        width: 1.75,
        ...(n >= TONES.length && { dash: [5, 4] }),
        points: { show: true, size: 5 },
        spanGaps: false,
        value: (_, value) => writeFigure(value, unit),
      })),
    ],
  };
}
