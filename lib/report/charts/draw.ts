/**
 * Draws a chart as inline SVG, once for wide pages and once for narrow ones; the style sheet shows the one that fits.
 * Server-side rendering of ECharts: no DOM, no clock, and the same text for the same chart.
 */
import { type EChartsCoreOption, init, use } from 'echarts/core';
// Single modules: the package's own lists would load every chart type.
import 'echarts/lib/chart/bar.js';
import 'echarts/lib/chart/line.js';
import 'echarts/lib/component/grid.js';
import 'echarts/lib/component/markArea.js';
import 'echarts/lib/component/markLine.js';
import { SVGRenderer } from 'echarts/renderers';
import { escapeText, Markup, markup } from '../markup.ts';
import { cssVariable, type PaletteName, palette } from './palette.ts';

use([SVGRenderer]);

export interface Size {
  readonly name: 'wide' | 'narrow';
  readonly width: number;
  readonly height: number;
}

const sizes: readonly Size[] = [
  { name: 'wide', width: 540, height: 270 },
  { name: 'narrow', width: 348, height: 240 },
];

export interface LegendEntry {
  readonly text: string;
  readonly color: PaletteName;
  readonly stroke: Stroke;
}

/** Told apart without colour, too. */
export type Stroke = 'solid' | 'dashed' | 'dotted' | 'band' | 'dot';

export interface Chart {
  /** Unique on the page; `[a-z0-9-]`. */
  readonly id: string;
  readonly title: string;
  /** What can be seen, in words and numbers, for those who cannot see it. */
  readonly description: string;
  readonly legend: readonly LegendEntry[];
  /** How to read it; empty when nothing needs to be said. */
  readonly caption: string;
  /** Where rows decide it; left out: the usual one. */
  readonly heightPx?: number;
  readonly option: (size: Size) => EChartsCoreOption;
}

export function figure(chart: Chart): Markup {
  return markup`<figure class="chart">
<figcaption><h3>${chart.title}</h3>${legend(chart.legend)}</figcaption>
${sizes.map((size) => draw(chart, { ...size, height: chart.heightPx ?? size.height }))}
${chart.caption === '' ? null : markup`<p class="caption">${chart.caption}</p>`}
</figure>
`;
}

function draw(chart: Chart, size: Size): Markup {
  const { width, height } = size;
  const instance = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    instance.setOption({ animation: false, ...chart.option(size) });
    return new Markup(embed(instance.renderToSVGString({ useViewBox: true }), chart, size));
  } finally {
    instance.dispose();
  }
}

/** Keeps the drawing, and replaces what would clash or change: ids from a global counter, hover styles, fixed colours. */
function embed(svg: string, { id, title, description }: Chart, { name, width, height }: Size): string {
  const prefix = `${id}-${name}`;
  const body = svg
    .replace(/^<svg[^>]*>\s*(<rect[^>]*><\/rect>)?/, '')
    .replace(/<style\s*>[\s\S]*?<\/style>/g, '')
    .replace(/ class="zr[^"]*"/g, '')
    .replace(/ ecmeta_\w+="[^"]*"/g, '')
    .replace(/ pointer-events="[^"]*"/g, '')
    .replace(/zr\d+-/g, `${prefix}-`)
    .replaceAll('font-family:sans-serif;', '');
  const head = `<svg class="${name}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${prefix}-title ${prefix}-desc" xmlns="http://www.w3.org/2000/svg">`;
  const words = `<title id="${prefix}-title">${escapeText(title)}</title><desc id="${prefix}-desc">${escapeText(description)}</desc>`;
  return `${head}${words}${coloured(body)}`;
}

function coloured(svg: string): string {
  return (Object.keys(palette) as PaletteName[]).reduce(
    (text, name) => text.replaceAll(palette[name], cssVariable(name)),
    svg,
  );
}

const dashes: Readonly<Record<Stroke, string>> = {
  solid: '',
  dashed: '7 4',
  dotted: '2 3',
  band: '',
  dot: '',
};

function legend(entries: readonly LegendEntry[]): Markup | null {
  if (entries.length === 0) return null;
  return markup`<ul class="legend">${entries.map((entry) => markup`<li>${swatch(entry)}${entry.text}</li>`)}</ul>`;
}

function swatch({ color, stroke }: LegendEntry): Markup {
  const paint = cssVariable(color);
  const shape =
    stroke === 'dot'
      ? markup`<circle cx="13" cy="6" r="4" fill="${paint}"/>`
      : stroke === 'band'
        ? markup`<rect x="0" y="1" width="26" height="10" fill="${paint}"/>`
        : markup`<line x1="0" y1="6" x2="26" y2="6" stroke="${paint}" stroke-width="2.5" stroke-dasharray="${dashes[stroke]}"/>`;
  return markup`<svg class="swatch" viewBox="0 0 26 12" aria-hidden="true">${shape}</svg>`;
}
