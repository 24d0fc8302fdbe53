import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { curl, signed } from './webhooks';

const at = new Date(1_700_000_000_000);
const key = Buffer.from('twenty-four bytes of key');

describe('a test delivery', () => {
  it('is signed as Standard Webhooks say', async () => {
    const headers = await signed('standard', `whsec_${key.toString('base64')}`, '{"a":"ä"}', 'msg_1', at);
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update('msg_1.1700000000.{"a":"ä"}').digest('base64')}`);
  });

  it.each([
    ['github', 'x-hub-signature-256', 'sha256=', '{}'],
    ['stripe', 'stripe-signature', 't=1700000000,v1=', '1700000000.{}'],
    ['slack', 'x-slack-signature', 'v0=', 'v0:1700000000:{}'],
  ])('is signed as %s does', async (scheme, header, prefix, text) => {
    const headers = await signed(scheme, 'secret', '{}', 'id', at);
    expect(headers[header]).toBe(prefix + createHmac('sha256', 'secret').update(text).digest('hex'));
  });

  it('is not signed where nothing is', async () => expect(await signed('none', '', '{}', 'id', at)).toEqual({}));

  it('keeps a quote in the body from ending the shell’s', () =>
    expect(curl('https://x.example/hooks/a', 'none', '', `{"a":"it's"}`)).toContain(`'{"a":"it'\\''s"}'`));
});
