/** A scenario in words, the same for console, Markdown and HTML. */
import type { ScenarioCell, ScenarioResult } from '../../experiment/scenario-result.ts';
import { formatCount, formatDurationMs } from '../../units.ts';

export function cellText(cell: ScenarioCell): string {
  if (cell === null) return '-';
  if (typeof cell === 'string') return cell;
  return Number.isInteger(cell) && Math.abs(cell) >= 10_000 ? formatCount(cell) : String(cell);
}

export function answerText({ answer }: ScenarioResult): string {
  return answer.outcome === 'answered' ? answer.text : `Inconclusive: ${answer.text.replace(/^Inconclusive: /, '')}`;
}

/** When, where and with what it was measured. */
export function placeText({ environment, durationMs }: ScenarioResult): string {
  const { startedAt, host, versions, brokers, target, hostNoiseP99Ms } = environment;
  const software = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${startedAt.slice(0, 16).replace('T', ' ')} UTC, in ${formatDurationMs(durationMs)}: ${brokers} brokers (${target}), ${software.join(', ')}; ${host.cpus} x ${host.cpuModel}, ${host.os}, host noise p99 ${formatDurationMs(hostNoiseP99Ms)}.`;
}

export function repeatText({ environment }: ScenarioResult): string {
  return `${environment.commandLine.join(' ')}${environment.commandLine.includes('--seed') ? '' : ` --seed ${environment.seed}`}`;
}

/** As a heading. */
export function questionText({ question }: ScenarioResult): string {
  return `${question.charAt(0).toUpperCase()}${question.slice(1)}`;
}
