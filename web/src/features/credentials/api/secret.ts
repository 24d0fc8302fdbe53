/** The parts of a secret, by how it is shown to the other side. */
const parts: Record<string, readonly string[]> = {
  api_key: ['api_key'],
  bearer_token: ['token'],
  basic: ['username', 'password'],
  oauth2: ['client_id', 'client_secret'],
};

/** A vendor without an address of its own wants the customer's. */
export const partsOf = (authType: string, wantsAddress = false) => [...(parts[authType] ?? []), ...(wantsAddress ? ['base_url'] : [])];

export const isOpen = (part: string) => ['username', 'client_id', 'base_url'].includes(part);

/** Hosts as somebody types them: separated by commas, spaces or lines. */
export const hostsOf = (text: string) => text.split(/[\s,]+/).filter((host) => host !== '');
