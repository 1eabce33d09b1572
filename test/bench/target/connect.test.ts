import { describe, expect, it } from 'vitest';
import { parseBootstrap } from '../../../bench/target/connect.ts';

describe('parseBootstrap', () => {
  it.each([
    ['localhost:9092', ['localhost:9092']],
    ['a:1, b-1.kafka.example:65535 ,', ['a:1', 'b-1.kafka.example:65535']],
    ['[::1]:9092', ['[::1]:9092']],
  ])('reads %s', (text, entries) => {
    expect(parseBootstrap(text)).toEqual(entries);
  });

  it.each([
    '',
    ',',
    'localhost',
    'localhost:',
    ':9092',
    'a:0',
    'a:65536',
    'a:x',
    '::1:9092',
    'a:1,b',
    'http://a:1',
    'a b:1',
  ])('refuses %j and shows what is expected', (text) => {
    expect(() => parseBootstrap(text)).toThrow(/expected host:port\[,host:port...\], got/);
  });
});
