/**
 * The style sheet of the report. Colours are variables with a light and a dark set; print is always light.
 * Contrast: text at least 4.5 : 1, lines and marks at least 3 : 1 on the page's background, in both sets.
 */
const light = `
  --page: #ffffff; --soft: #f5f6f8; --rule: #d9dde3; --ink: #14181f; --muted: #545c69; --link: #1d4ed8;
  --met: #146c36; --met-soft: #e5f5ea; --notMet: #b1162b; --notMet-soft: #fdeaec; --inconclusive: #7a4d00; --inconclusive-soft: #fdf3dc;
  --chart-text: #454d59; --chart-axis: #8a929e; --chart-gridLine: #e6e9ed; --chart-surface: #ffffff;
  --chart-publish: #1d5fd1; --chart-endToEnd: #b4470c; --chart-neutral: #5f6875; --chart-bound: #b1162b; --chart-band: #b9d2f5;`;
const dark = `
  --page: #12151a; --soft: #1b2027; --rule: #343b46; --ink: #e9edf2; --muted: #a7b0bd; --link: #8db4ff;
  --met: #62d28b; --met-soft: #14301f; --notMet: #ff8793; --notMet-soft: #3a161c; --inconclusive: #f0be5a; --inconclusive-soft: #33270d;
  --chart-text: #b6bfcb; --chart-axis: #7d8795; --chart-gridLine: #2a313a; --chart-surface: #12151a;
  --chart-publish: #6ea8ff; --chart-endToEnd: #ff9d5c; --chart-neutral: #9aa4b1; --chart-bound: #ff8793; --chart-band: #28466f;`;

export const style = `
:root { color-scheme: light dark;${light} }
@media (prefers-color-scheme: dark) { :root {${dark} } }
@media print { :root { color-scheme: light;${light} } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
main, header, footer { max-width: 1144px; margin: 0 auto; padding: 0 32px; }
header { padding-top: 36px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 4px; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { font-size: 21px; line-height: 1.3; margin: 52px 0 6px; padding-top: 18px; border-top: 1px solid var(--rule); }
h3 { font-size: 16px; margin: 28px 0 6px; overflow-wrap: anywhere; }
h4, figure h3 { font-size: 14px; margin: 0; font-weight: 600; }
p { margin: 6px 0 12px; max-width: 76ch; }
.eyebrow, .facts, .caption, footer { color: var(--muted); font-size: 14px; }
.eyebrow { margin: 0 0 6px; letter-spacing: 0.02em; }
.facts { margin: 4px 0 0; }
.lead { color: var(--muted); }
code { font: 13px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; overflow-wrap: anywhere; }
pre { background: var(--soft); border: 1px solid var(--rule); border-radius: 6px; padding: 10px 14px; margin: 8px 0 16px; white-space: pre-wrap; overflow-wrap: anywhere; }

.verdict { border: 1px solid var(--rule); border-left: 6px solid var(--state); background: var(--state-soft); border-radius: 8px; padding: 18px 22px; margin: 22px 0 8px; }
.verdict .badge { font-size: 15px; }
.verdict p { font-size: 19px; line-height: 1.45; margin: 8px 0 0; font-weight: 500; overflow-wrap: anywhere; }
.met { --state: var(--met); --state-soft: var(--met-soft); }
.notMet { --state: var(--notMet); --state-soft: var(--notMet-soft); }
.inconclusive { --state: var(--inconclusive); --state-soft: var(--inconclusive-soft); }
.badge { color: var(--state); font-weight: 650; white-space: nowrap; }
.badge span { margin-right: 0.4em; }
.callout { border: 1px solid var(--rule); border-left: 6px solid var(--inconclusive); border-radius: 8px; padding: 12px 18px; margin: 16px 0; }
.callout h2, .callout h3 { border: 0; margin: 0 0 4px; padding: 0; font-size: 16px; }
ul.plain { margin: 4px 0 12px; padding-left: 20px; max-width: 84ch; }
ul.plain li { margin: 3px 0; overflow-wrap: anywhere; }

.key-figures { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 12px; margin: 16px 0 8px; }
.key-figures div { border: 1px solid var(--rule); border-radius: 8px; padding: 12px 16px; }
.key-figures p { margin: 0; }
.key-figures .label, .key-figures .words { color: var(--muted); font-size: 13px; overflow-wrap: anywhere; }
.key-figures .figure { font-size: 24px; line-height: 1.3; font-weight: 650; }
.remedy { color: var(--muted); }

.scroll { overflow-x: auto; margin: 10px 0 18px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: left; vertical-align: top; padding: 7px 14px 7px 0; border-bottom: 1px solid var(--rule); }
th { font-weight: 600; color: var(--muted); font-size: 13px; }
thead th { border-bottom: 2px solid var(--rule); white-space: nowrap; }
tbody th { color: var(--ink); font-size: 14px; font-weight: 600; }
td:last-child, th:last-child { padding-right: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.wrap, td.formula { overflow-wrap: anywhere; }
@media (min-width: 561px) {
  .formulas { table-layout: fixed; }
  .formulas tbody th, .formulas td, .formulas .number { overflow-wrap: anywhere; white-space: normal; }
  .formulas th:nth-child(1) { width: 20%; }
  .formulas th:nth-child(2) { width: 15%; }
  .formulas th:nth-child(3) { width: 27%; }
  .formulas th:nth-child(4) { width: 21%; }
}
.requirements td, .requirements tbody th { border-bottom: 0; padding-bottom: 0; }
.requirements tbody tr.why td { border-bottom: 1px solid var(--rule); padding: 1px 0 9px; color: var(--muted); font-size: 13px; overflow-wrap: anywhere; }

.pair { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 26px 32px; margin: 14px 0 10px; }
figure { margin: 0; min-width: 0; }
figure svg.wide, figure svg.narrow { display: block; width: 100%; height: auto; }
figure svg.narrow { display: none; }
figure svg text { font-family: inherit; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 4px 0 4px; padding: 0; font-size: 13px; color: var(--muted); }
.legend li { display: inline-flex; align-items: center; gap: 7px; overflow-wrap: anywhere; }
.swatch { width: 26px; height: 12px; flex: none; }
.caption { margin: 2px 0 0; font-size: 13px; }
footer { border-top: 1px solid var(--rule); margin-top: 56px; padding-top: 14px; padding-bottom: 40px; }

@media (max-width: 860px) {
  .pair { grid-template-columns: minmax(0, 1fr); }
  .pair figure { max-width: 640px; }
  .key-figures { grid-template-columns: repeat(2, minmax(0, 1fr)); }
}
@media (max-width: 560px) {
  body { font-size: 15px; }
  main, header, footer { padding-left: 18px; padding-right: 18px; }
  header { padding-top: 22px; }
  h1 { font-size: 25px; }
  h2 { margin-top: 40px; font-size: 19px; }
  .verdict { padding: 14px 16px; }
  .verdict p { font-size: 17px; }
  figure svg.wide { display: none; }
  figure svg.narrow { display: block; }
  .cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .cards, .cards tbody, .cards tr, .cards td, .cards tbody th { display: block; width: 100%; }
  .cards tbody th { padding: 10px 0 2px; font-size: 15px; border-bottom: 0; overflow-wrap: anywhere; }
  .cards td { display: flex; justify-content: space-between; gap: 16px; padding: 1px 0; border-bottom: 0; text-align: right; overflow-wrap: anywhere; min-width: 0; white-space: normal; }
  .cards td::before { content: attr(data-label); color: var(--muted); text-align: left; flex: none; }
  .cards td:empty { display: none; }
  .cards tbody tr { padding-bottom: 9px; border-bottom: 1px solid var(--rule); }
  .requirements tbody tr:not(.why) { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); column-gap: 14px; border-bottom: 0; padding-bottom: 0; }
  .requirements tbody th, .requirements td[data-label="evidence"] { grid-column: 1 / -1; }
  .requirements tbody tr:not(.why) td { justify-content: flex-start; gap: 8px; text-align: left; }
  .requirements td[data-label="margin"]:empty { display: flex; visibility: hidden; }
  .requirements tbody tr.why { padding-bottom: 0; }
  .requirements tbody tr.why td { display: block; text-align: left; padding: 3px 0 10px; border-bottom: 0; }
  .requirements tbody tr.why td::before { content: none; }
}
@media print {
  body { font-size: 11pt; }
  main, header, footer { max-width: none; padding: 0; }
  .formulas { font-size: 8pt; }
  .formulas th:nth-child(1) { width: 23%; }
  h2, h3 { break-after: avoid; }
  figure, tr, .verdict, .key-figures { break-inside: avoid; }
  header { padding-top: 0; }
  h1 { font-size: 17pt; }
  .eyebrow, .facts { margin: 0 0 2px; font-size: 9pt; }
  .lead { margin: 2px 0; }
  .first-page { break-after: page; font-size: 9pt; line-height: 1.35; }
  .first-page .verdict { padding: 12px 16px; margin: 14px 0 8px; }
  .first-page .verdict p { font-size: 10.5pt; max-width: none; }
  .first-page h2 { margin-top: 12px; padding-top: 8px; }
  .first-page h3 { margin-top: 12px; }
  .first-page ul.plain { max-width: none; }
  .first-page ul.plain li { margin: 1px 0; }
  .first-page + section h2 { border-top: 0; margin-top: 0; }
  .key-figures { grid-template-columns: repeat(4, minmax(0, 1fr)); }
  .key-figures div { padding: 8px 10px; }
  .key-figures .figure { font-size: 15pt; }
  .scroll { overflow: visible; }
  .pair { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px 20px; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
