import { describe, expect, it } from 'vitest';
import { renderText } from '../../lib/report/text.ts';
import { clientLimitedCase, courseCase, emptyCase, notMetCase, ordersCase, runOf } from '../fixtures/run.ts';
import { brokerLost, withMeasurement } from '../verdict/planted.ts';

describe('the text of a run', () => {
  const text = renderText(runOf(courseCase));
  const lines = text.split('\n');

  it('says what was run, then what was found', () => {
    expect(lines[0]).toBe('course-events on local: 3 brokers, Kafka 4.3.1, KRaft, 2 cores');
    expect(lines[1]).toBe(
      '  plan       categoryChanged  10 partitions x 3 replicas  acks=all idempotent  56.84 GB required',
    );
    expect(lines[2]).toMatch(
      /^ {2}average {4}200\/s {4}publish p99 {2}[\d.]+ ms +end to end p99 {2}[\d.]+ ms +lag \d+ +ok$/,
    );
    expect(lines[3]).toMatch(/^ {2}peak {7}1,000\/s {2}publish p99/);
    expect(lines[4]).toMatch(/^ {2}trade-off {2}acks=0 {2}[\d.]+ ms {3}1 .* all\+idempotent .*\(p99 at 1,000\/s\)$/);
    expect(lines[5]).toMatch(/^ {2}retention {2}predicted 7\.31 MB {3}on disk 7\.39 MB {3}\+1\.1 %$/);
  });

  it('has a row for each requirement and counts them', () => {
    const { verdict } = runOf(courseCase);
    for (const { requirement } of verdict.lines)
      expect(lines.filter((row) => row.startsWith(`${requirement}  `))).toHaveLength(1);
    expect(lines.at(-1)).toMatch(/^12 met, 0 not met, 0 inconclusive {5}note: capacity on msk comes from the model/);
    expect(text).not.toMatch(/\n$/);
  });

  it('tells by how much a requirement is missed', () => {
    expect(renderText(runOf(notMetCase))).toMatch(
      /\nnot met: publish p99 is [\d.]+ ms, required <= 0\.1 ms: \d+x over\n {2}peak, /,
    );
  });

  it('shows every topic of several, and the storage of all', () => {
    const several = renderText(runOf(ordersCase));
    expect(several).toMatch(/plan {7}order-PaymentApproved {2}4 partitions/);
    expect(several).toMatch(/plan {7}shop-PageViewed +2 partitions/);
    expect(several).toMatch(/storage {4}[\d.]+ GB required/);
    expect(several).toMatch(/inconclusive: cost\n {2}no price table/);
  });

  it('shows an empty run as what it is', () => {
    const empty = renderText(runOf(emptyCase));
    expect(empty).toContain('1 met, 0 not met, 11 inconclusive');
    expect(empty).not.toMatch(/trade-off|retention {2}predicted|\bok$/m);
  });

  it('names the generator and lost brokers', () => {
    expect(renderText(runOf(clientLimitedCase))).toMatch(/peak .* the generator was the limit$/m);
    const incidents = Array.from({ length: 5 }, () => brokerLost);
    const lost = renderText(runOf(withMeasurement(courseCase, { incidents })));
    expect(lost).toMatch(/incident {3}broker 2 .* was lost during the run, 12\.3 s into the run/);
    expect(lost).toMatch(/2 more in the report/);
  });
});
