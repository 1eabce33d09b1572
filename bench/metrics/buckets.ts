/**
 * Edges of the latency histograms: dense where Kafka is fast, and every objective of the use case is an edge, because a
 * share above an objective that lies between two edges would be a guess.
 */
const edgesSec = [
  0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1,
  2, 5, 10, 30,
];

/** Ascending, each edge once. */
export function latencyEdges(objectivesSec: readonly (number | null)[]): number[] {
  const objectives = objectivesSec.filter((each) => each !== null);
  return [...new Set([...edgesSec, ...objectives])].sort((a, b) => a - b);
}
