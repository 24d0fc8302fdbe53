import type { StreamEvent } from '~/lib/eventStream';
import type { Message, ToolCall } from './types';

/** What is known of an answer while it is being made. */
export interface Reply {
  /** What each step of the run has said so far. */
  said: ReadonlyMap<string, string>;
  /** The step that spoke last: its words are shown. */
  speaker: string | null;
  tools: readonly ToolCall[];
  waits: boolean;
  message: Message | null;
}

export const unheard: Reply = { said: new Map(), speaker: null, tools: [], waits: false, message: null };

interface Told {
  path?: string | null;
  node_id: string;
  attempt?: number;
  status?: string;
  offset?: number;
  text?: string;
  at?: string;
  tool?: { name: string; arguments?: unknown };
  message?: Message;
}

function parse(data: string): Told | null {
  try {
    return JSON.parse(data) as Told;
  } catch {
    return null;
  }
}

interface Running extends ToolCall {
  began?: string;
}

const began = (told: Told, id: string): Running => ({
  id,
  tool: told.tool?.name ?? '',
  arguments: told.tool?.arguments,
  status: 'running',
  duration_ms: null,
  began: told.at,
});

const ended = (call: Running, told: Told): Running => ({
  ...call,
  status: told.status ?? 'succeeded',
  duration_ms: call.began && told.at ? new Date(told.at).getTime() - new Date(call.began).getTime() : null,
});

/** The answer, one event further. A stream that is taken up again tells what it told before, so every event says where it belongs. */
export function told(before: Reply, { name, data }: StreamEvent): Reply {
  const event = parse(data);
  if (!event) {
    return before;
  }
  const key = `${event.path ?? ''}/${event.node_id}/${event.attempt ?? 1}`;
  switch (name) {
    case 'message.started':
      return unheard;
    case 'message.waiting':
      return { ...before, waits: true };
    case 'message.finished':
      return { ...before, message: event.message ?? null };
    case 'step.started':
      return event.tool
        ? { ...before, waits: false, tools: [...before.tools.filter((call) => call.id !== key), began(event, key)] }
        : { ...before, waits: false, said: new Map([...before.said].filter(([step]) => step !== key)) };
    case 'token': {
      const text = (before.said.get(key) ?? '').slice(0, event.offset) + (event.text ?? '');
      return { ...before, waits: false, said: new Map(before.said).set(key, text), speaker: key };
    }
    case 'step.finished':
      return { ...before, tools: before.tools.map((call) => (call.id === key ? ended(call, event) : call)) };
    default:
      return before;
  }
}

export const wordsOf = (reply: Reply) => (reply.speaker ? (reply.said.get(reply.speaker) ?? '') : '');
