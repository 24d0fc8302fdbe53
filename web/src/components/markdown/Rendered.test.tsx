import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import Rendered from './Rendered';

const show = (text: string) =>
  render(
    <MantineProvider>
      <Rendered text={text} />
    </MantineProvider>,
  ).container;

describe('Markdown that others wrote', () => {
  it('keeps HTML as text', () => {
    const page = show('<script>alert(1)</script> <img src=x onerror=alert(1)> <b onclick="x()">bold</b>');
    expect(page.querySelector('script, img, b')).toBeNull();
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'vbscript:x'])('makes no link of %s', (address) => {
    const link = show(`[here](${address})`).querySelector('a');
    expect(link?.getAttribute('href') ?? '').not.toContain(':');
  });

  it('fetches no picture: it is a link', () => {
    const page = show('![a chart](https://elsewhere.example/c.png?secret=1)');
    expect(page.querySelector('img')).toBeNull();
    expect(screen.getByRole('link', { name: 'a chart' }).getAttribute('rel')).toContain('noopener');
  });

  it('colours code by elements and keeps it whole', () => {
    const code = show('```js\nconst a = "<b>";\n```').querySelector('code');
    expect(code?.textContent).toBe('const a = "<b>";');
    expect(code?.querySelector('.hljs-keyword')?.textContent).toBe('const');
  });

  it('puts headings below those of the page and skips no level', () => {
    const page = show('## Plan\n\n#### Detail\n\n## Costs\n\n# All');
    expect([...page.querySelectorAll('h3, h4, h5, h6')].map((heading) => `${heading.tagName} ${heading.textContent}`)).toEqual([
      'H3 Plan',
      'H4 Detail',
      'H3 Costs',
      'H3 All',
    ]);
  });

  it('keeps code of languages that it does not know', () => expect(show('```klingon\nqapla\n```').querySelector('code')?.textContent).toBe('qapla'));
});
