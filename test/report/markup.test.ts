import { describe, expect, it } from 'vitest';
import { dottedName, escapeText, type Markup, markup, verbatim } from '../../lib/report/markup.ts';

describe('markup', () => {
  it('escapes texts and numbers, keeps markup, joins lists, leaves out null', () => {
    const item = (text: string): Markup => markup`<li>${text}</li>`;
    expect(markup`<ul title="${'a"b'}">${['<b>', 'c'].map(item)}${null}${7}</ul>`.text).toBe(
      '<ul title="a&quot;b"><li>&lt;b&gt;</li><li>c</li>7</ul>',
    );
  });

  it('escapes what could end an attribute or begin an entity', () => {
    expect(escapeText(`<>&"'`)).toBe('&lt;&gt;&amp;&quot;&#39;');
  });

  it('keeps a figure and its unit on one line, and a command as it is', () => {
    expect(markup`<b>${'105 % of 1 MiB/s, 5 GB in 3 d, 2,786 USD'}</b>`.text).toBe(
      '<b>105\u00a0% of 1\u00a0MiB/s, 5\u00a0GB in 3\u00a0d, 2,786\u00a0USD</b>',
    );
    expect(markup`${'3 brokers, 2 Buckets, 4 days'}`.text).toBe('3 brokers, 2 Buckets, 4 days');
    expect(markup`<pre>${verbatim('--size 5 GB')}</pre>`.text).toBe('<pre>--size 5 GB</pre>');
  });

  it('breaks dotted names after their dots, escaped', () => {
    expect(dottedName('a.<b>').text).toBe('a.<wbr>&lt;b&gt;');
  });
});
