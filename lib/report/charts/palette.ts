/**
 * Colours of a chart, as placeholders that no chart library touches; `draw` puts CSS variables in their place, so that
 * one drawing serves a light and a dark page. Light and dark values are in `style.ts`.
 */
export const palette = {
  text: '#00c001',
  axis: '#00c002',
  gridLine: '#00c003',
  surface: '#00c004',
  publish: '#00c005',
  endToEnd: '#00c006',
  neutral: '#00c007',
  bound: '#00c008',
  band: '#00c009',
} as const;

export type PaletteName = keyof typeof palette;

export function cssVariable(name: PaletteName): string {
  return `var(--chart-${name})`;
}
