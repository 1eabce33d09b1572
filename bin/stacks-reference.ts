/** The pictures of the stacks: a page of docs/reference with every target, and the one in the README. */

import { packageRoot } from '../bench/package-root.ts';
import { planUseCase } from '../lib/plan/plan.ts';
import type { Target } from '../lib/requirements/types.ts';
import { pictureOf } from '../lib/stacks/picture.ts';
import { templatesOf } from '../lib/stacks/plan-templates.ts';
import { readUseCase } from './read-use-case.ts';

const file = 'examples/course-events.yaml';
const titles = {
  msk: 'MSK Standard, with the nightly bench',
  'msk-express': 'MSK Express',
  'msk-serverless': 'MSK Serverless',
  ec2: 'EC2',
} as const satisfies Partial<Record<Target, string>>;

/** Text of docs/reference/stacks.md. */
export function stacksReference(): string {
  const sections = (Object.keys(titles) as (keyof typeof titles)[]).map(
    (target) => `## ${titles[target]}\n\n${mermaidOf(target)}\n`,
  );
  const head = `# Stacks of ${file}\n\nDrawn from the synthesised templates: a box a kind of resource, an arrow where one names another.`;
  return `${head}\n\n${sections.join('\n')}`;
}

const [begin, end] = ['<!-- picture of the stacks, by npm run generate -->', '<!-- end of the picture -->'];

/** The README with the picture of today between its two marks. */
export function withPicture(readme: string): string {
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the README has no "${begin}" before "${end}"`);
  return `${readme.slice(0, from)}${begin}\n${mermaidOf('msk')}\n${readme.slice(to)}`;
}

function mermaidOf(target: keyof typeof titles): string {
  const { requirements, text } = readUseCase(file, packageRoot);
  const plan = planUseCase({ ...requirements, cluster: { ...requirements.cluster, target } });
  return `\`\`\`mermaid\n${pictureOf(templatesOf(plan, target === 'msk' ? text : undefined))}\`\`\``;
}
