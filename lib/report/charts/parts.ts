/** Axes, lines and bounds in the house's style; every chart is made of these. */
import type { Stroke } from './draw.ts';
import { type PaletteName, palette } from './palette.ts';

export type Point = readonly [x: number, y: number];

interface AxisSpec {
  readonly type: 'value' | 'log' | 'category';
  readonly min?: number;
  readonly max?: number;
  readonly data?: readonly string[];
  readonly format: (value: number) => string;
  readonly splitNumber?: number;
  readonly interval?: number;
  /** Longer labels of categories are broken between their words. */
  readonly labelWidthPx?: number;
}

const fontSize = 12;

export function axis({ type, format, labelWidthPx, ...rest }: AxisSpec): object {
  return {
    type,
    ...rest,
    axisLabel: {
      color: palette.text,
      fontSize,
      hideOverlap: true,
      ...(labelWidthPx === undefined ? {} : { width: labelWidthPx, overflow: 'break', lineHeight: fontSize }),
      ...(type === 'category' ? {} : { formatter: (value: number) => format(value) }),
    },
    axisLine: { show: type !== 'log', lineStyle: { color: palette.axis } },
    axisTick: { show: false },
    splitLine: { show: type !== 'category', lineStyle: { color: palette.gridLine } },
  };
}

/** Room for the labels; the y axis needs most. */
export function grid(left = 58): object {
  return { left, right: 28, top: 18, bottom: 28 };
}

export interface LineSpec {
  readonly color: PaletteName;
  readonly stroke: Exclude<Stroke, 'band' | 'dot'>;
  readonly points: readonly (Point | object)[];
  readonly symbols?: boolean;
  readonly width?: number;
  readonly marks?: object;
}

export function line({ color, stroke, points, symbols = false, width = 2.2, marks = {} }: LineSpec): object {
  const type = { solid: 'solid', dashed: [7, 4], dotted: [2, 3] }[stroke];
  return {
    type: 'line',
    silent: true,
    emphasis: { disabled: true },
    data: points,
    showSymbol: symbols,
    showAllSymbol: true,
    symbol: 'circle',
    symbolSize: 5,
    itemStyle: { color: palette[color], borderColor: palette[color] },
    lineStyle: { color: palette[color], width, type },
    ...marks,
  };
}

export interface BarSpec {
  readonly color: PaletteName;
  readonly values: readonly number[];
  /** Written at the end of each bar. */
  readonly label: (value: number, index: number) => string;
  readonly widthPx?: number;
  readonly marks?: object;
}

/** Horizontal bars, one for each category of the y axis. */
export function bar({ color, values, label, widthPx = 12, marks = {} }: BarSpec): object {
  return {
    type: 'bar',
    silent: true,
    emphasis: { disabled: true },
    barWidth: widthPx,
    barGap: '20%',
    data: values.map((value, index) => ({
      value,
      label: {
        show: true,
        position: 'right',
        formatter: label(value, index).replaceAll(/[{}]/g, ''),
        color: palette.text,
        fontSize: 11,
      },
    })),
    itemStyle: { color: palette[color] },
    ...marks,
  };
}

/** A vertical line that the bars must not cross. */
export function limitLine(value: number, text: string): object {
  return {
    markLine: {
      silent: true,
      symbol: 'none',
      animation: false,
      lineStyle: { color: palette.bound, width: 1.5, type: [7, 4] },
      data: [
        {
          xAxis: value,
          label: { formatter: text, position: 'start', color: palette.bound, fontSize, fontWeight: 600 },
        },
      ],
    },
  };
}

export interface Bound {
  readonly value: number;
  readonly text: string;
}

/** Horizontal lines that must not be crossed; the first is named on the left, the second on the right. */
export function bounds(values: readonly Bound[]): object {
  return {
    markLine: {
      silent: true,
      symbol: 'none',
      animation: false,
      lineStyle: { color: palette.bound, width: 1.5, type: [7, 4] },
      data: values.map(({ value, text }, index) => ({
        yAxis: value,
        label: {
          formatter: text.replaceAll(/[{}]/g, ''),
          position: index === 0 ? 'insideStartTop' : 'insideEndTop',
          color: palette.bound,
          fontSize,
          fontWeight: 600,
        },
      })),
    },
  };
}

/** A label beside a point of a line. */
export function labelled([x, y]: Point, text: string, position: 'top' | 'bottom' | 'right'): object {
  return {
    value: [x, y],
    symbol: 'circle',
    symbolSize: 8,
    label: { show: true, formatter: text, position, color: palette.text, fontSize, fontWeight: 600 },
  };
}

/** Powers of ten that enclose the values; of nothing: 1 to 10. Values at or below 0 do not show on such an axis. */
export function decades(values: readonly number[]): { min: number; max: number } {
  const positive = values.filter((value) => value > 0);
  if (positive.length === 0) return { min: 1, max: 10 };
  const min = 10 ** Math.floor(Math.log10(Math.min(...positive)));
  const max = 10 ** Math.ceil(Math.log10(Math.max(...positive)));
  return { min, max: max > min ? max : min * 10 };
}

/** A range around the values that begins and ends on a round number, so that no tick stands apart. */
export function roundRange(values: readonly number[]): { min: number; max: number; interval: number } {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const rough = (high - low || Math.abs(high) || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const interval = ([1, 2, 2.5, 5].find((step) => step * power >= rough) ?? 10) * power;
  return { min: Math.floor(low / interval) * interval, max: Math.ceil(high / interval) * interval, interval };
}
