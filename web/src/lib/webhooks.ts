/** How senders sign webhooks: what the API checks, made here for a test delivery. */

const bytes = (text: string) => new TextEncoder().encode(text);

const hex = (data: Uint8Array) => Array.from(data, (byte) => byte.toString(16).padStart(2, '0')).join('');

const base64 = (data: Uint8Array) => btoa(String.fromCharCode(...data));

const fromBase64 = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

async function mac(secret: Uint8Array<ArrayBuffer>, text: string) {
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes(text)));
}

export async function signed(scheme: string, secret: string, body: string, id: string, at: Date): Promise<Record<string, string>> {
  const seconds = String(Math.floor(at.getTime() / 1000));
  switch (scheme) {
    case 'standard':
      return {
        'webhook-id': id,
        'webhook-timestamp': seconds,
        'webhook-signature': `v1,${base64(await mac(fromBase64(secret.replace(/^whsec_/, '')), `${id}.${seconds}.${body}`))}`,
      };
    case 'github':
      return { 'x-github-delivery': id, 'x-hub-signature-256': `sha256=${hex(await mac(bytes(secret), body))}` };
    case 'stripe':
      return { 'stripe-signature': `t=${seconds},v1=${hex(await mac(bytes(secret), `${seconds}.${body}`))}` };
    case 'slack':
      return { 'x-slack-request-timestamp': seconds, 'x-slack-signature': `v0=${hex(await mac(bytes(secret), `v0:${seconds}:${body}`))}` };
    default:
      return {};
  }
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** A line for a shell that signs and sends a delivery. It needs curl and openssl. */
export function curl(url: string, scheme: string, secret: string, body: string): string {
  const send = `curl -sS ${quoted(url)} -H 'content-type: application/json' -d "$body"`;
  const hmac = (text: string) => `$(printf %s "${text}" | openssl dgst -sha256 -hmac ${quoted(secret)} -r | cut -d' ' -f1)`;
  const start = `body=${quoted(body)}`;
  switch (scheme) {
    case 'standard':
      return [
        `${start}; id=msg_$RANDOM$RANDOM; at=$(date +%s)`,
        `key=$(printf %s ${quoted(secret.replace(/^whsec_/, ''))} | openssl base64 -d -A | od -An -tx1 | tr -d ' \\n')`,
        `sig=$(printf %s "$id.$at.$body" | openssl dgst -sha256 -mac HMAC -macopt hexkey:$key -binary | openssl base64 -A)`,
        `${send} -H "webhook-id: $id" -H "webhook-timestamp: $at" -H "webhook-signature: v1,$sig"`,
      ].join('\n');
    case 'github':
      return `${start}\n${send} -H "x-github-delivery: test-$RANDOM" -H "x-hub-signature-256: sha256=${hmac('$body')}"`;
    case 'stripe':
      return `${start}; at=$(date +%s)\n${send} -H "stripe-signature: t=$at,v1=${hmac('$at.$body')}"`;
    case 'slack':
      return `${start}; at=$(date +%s)\n${send} -H "x-slack-request-timestamp: $at" -H "x-slack-signature: v0=${hmac('v0:$at:$body')}"`;
    default:
      return `${start}\n${send}`;
  }
}
