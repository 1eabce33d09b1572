/** Where in a use case file a path stands, for what is found out only after the file was read. */
import type { Path } from './fault.ts';
import { readYaml } from './yaml-source.ts';

/** `topics[0].replicas` -> `course.yaml:12:5 topics[0].replicas`; of what is not there, the nearest thing that holds it. */
export function placesOf(text: string, fileName: string): (path: string) => string {
  let values: ReturnType<typeof readYaml> | null = null;
  return (path) => {
    // Read again only when something is to be said.
    values ??= readYaml(text);
    const { line, column } = values.position(stepsOf(path));
    return `${fileName}:${line}:${column} ${path}`;
  };
}

function stepsOf(path: string): Path {
  return (path.match(/[^.[\]]+/g) ?? []).map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
