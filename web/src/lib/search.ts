/** What the addresses carry after their `?`: anything that does not fit is left out, so that an old link still opens. */

type Raw = Record<string, unknown>;

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined);

const oneOf = <T extends string>(value: unknown, allowed: readonly T[]) => (allowed.includes(value as T) ? (value as T) : undefined);

/** Only an address of this app: a link elsewhere would lead who just signed in away. */
const address = (value: unknown) => (typeof value === 'string' && /^\/(?![/\\])/.test(value) ? value : undefined);

const trimmed = <T extends object>(found: T) =>
  Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };

export const login = (raw: Raw) => trimmed({ next: address(raw.next) });

export const audit = (raw: Raw) =>
  trimmed({ action: text(raw.action), resource_type: text(raw.resource_type), actor: text(raw.actor), since: text(raw.since), until: text(raw.until) });

export const runStates = ['queued', 'running', 'waiting', 'paused', 'succeeded', 'failed', 'canceled'] as const;

export const runs = (raw: Raw) =>
  trimmed({
    agent: text(raw.agent),
    status: oneOf(raw.status, runStates),
    trigger: text(raw.trigger),
    since: text(raw.since),
    until: text(raw.until),
    error_code: text(raw.error_code),
  });

export const runViews = ['graph', 'timeline', 'table'] as const;

export const run = (raw: Raw) => trimmed({ view: oneOf(raw.view, runViews), step: text(raw.step) });

export const approvals = (raw: Raw) =>
  trimmed({ status: oneOf(raw.status, ['pending', 'approved', 'rejected', 'expired', 'canceled'] as const), mine: raw.mine === true ? true : undefined });

export const agents = (raw: Raw) =>
  trimmed({
    q: text(raw.q),
    status: oneOf(raw.status, ['active', 'inactive', 'draft', 'archived'] as const),
    tag: text(raw.tag),
    favorite: raw.favorite === true ? true : undefined,
  });

export const builder = (raw: Raw) => trimmed({ version: text(raw.version), node: text(raw.node) });

const day = (value: unknown) => (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? value : undefined);

export const usage = (raw: Raw) =>
  trimmed({
    days: ([7, 14, 30] as const).find((days) => days === raw.days),
    by: oneOf(raw.by, ['agent', 'service', 'user'] as const),
    measure: oneOf(raw.measure, ['cost', 'tokens'] as const),
  });

export const ledger = (raw: Raw) =>
  trimmed({ agent: text(raw.agent), user: text(raw.user), service: text(raw.service), run: text(raw.run), since: day(raw.since), until: day(raw.until) });

export const gallery = (raw: Raw) => trimmed({ q: text(raw.q), kind: text(raw.kind), template: text(raw.template) });

const yes = (value: unknown) => (value === true ? true : undefined);

export const credentials = (raw: Raw) =>
  trimmed({ add: yes(raw.add), integration: text(raw.integration), vendor: text(raw.vendor), problem: text(raw.problem) });

export const integrations = (raw: Raw) => trimmed({ q: text(raw.q), import: yes(raw.import) });

export const models = (raw: Raw) => trimmed({ vendor: text(raw.vendor) });

export const mcpServer = (raw: Raw) => trimmed({ tool: text(raw.tool) });

export const chat = (raw: Raw) => trimmed({ q: text(raw.q), agent: text(raw.agent), begin: yes(raw.begin), replaced: yes(raw.replaced) });

export const interactions = (raw: Raw) =>
  trimmed({
    agent: text(raw.agent),
    type: text(raw.type),
    rated: typeof raw.rated === 'boolean' ? raw.rated : undefined,
    since: day(raw.since),
    until: day(raw.until),
  });

export const skills = (raw: Raw) => trimmed({ q: text(raw.q), type: text(raw.type), tag: text(raw.tag), own: yes(raw.own) });

export const skill = (raw: Raw) => trimmed({ version: text(raw.version) });
