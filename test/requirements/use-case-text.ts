/** A small use case as YAML, with parts replaced, so that a test shows only what it is about. */
import { HeadroomError } from '../../lib/errors.ts';
import { parseUseCase } from '../../lib/requirements/parse.ts';

/** Keys of the first topic; a value that is undefined leaves the key out. */
export type TopicParts = Readonly<Record<string, string | undefined>>;

const smallestTopic = {
  service: 'order',
  action: 'Approved',
  message: '{ size: 200 B }',
  produce: '{ rate: 200/s }',
  retention: '{ time: 5d }',
};

export function topicText(parts: TopicParts = {}): string {
  const lines = Object.entries({ ...smallestTopic, ...parts }).filter(([, value]) => value !== undefined);
  return lines.map(([key, value], index) => `  ${index === 0 ? '-' : ' '} ${key}: ${value}`).join('\n');
}

/** `sections` are further lines of the file, after its topics. */
export function useCaseText(topics: readonly TopicParts[] = [{}], sections = ''): string {
  return `apiVersion: headroom/v1\nuseCase: small\ntopics:\n${topics.map(topicText).join('\n')}\n${sections}\n`;
}

/** The text of the error that a file leads to. Throws when it leads to none, or to one that is not about the file. */
export function faultsOf(text: string): string {
  try {
    parseUseCase(text, 'uc.yaml');
  } catch (error) {
    if (error instanceof HeadroomError && error.code === 'USE_CASE_INVALID' && error.exitCode === 64)
      return error.message;
    throw error;
  }
  throw new Error('the file was accepted');
}
