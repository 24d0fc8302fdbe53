import { useEffect, useRef, useState } from 'react';

export interface StreamEvent {
  id: string | null;
  name: string;
  data: string;
}

/** Reads `text/event-stream` as it arrives in pieces; answers the events that are whole and keeps the rest. */
export class EventParser {
  private rest = '';

  push(text: string): StreamEvent[] {
    const blocks = (this.rest + text).replaceAll('\r\n', '\n').split('\n\n');
    this.rest = blocks.pop() ?? '';
    return blocks.map(EventParser.read).filter((event) => event !== null);
  }

  private static read(block: string): StreamEvent | null {
    let [id, name] = [null as string | null, ''];
    const data: string[] = [];
    for (const line of block.split('\n')) {
      const colon = line.indexOf(':');
      const value = line.slice(colon + 1).replace(/^ /, '');
      if (line.startsWith('id:')) {
        id = value;
      } else if (line.startsWith('event:')) {
        name = value;
      } else if (line.startsWith('data:')) {
        data.push(value);
      }
    }
    return id === null && name === '' && data.length === 0 ? null : { id, name, data: data.join('\n') };
  }
}

export type StreamState = 'connecting' | 'live' | 'broken' | 'ended';

interface Watch {
  url: string;
  onEvent: (event: StreamEvent) => void;
  onState: (state: StreamState) => void;
  /** After this event there is nothing more to come. */
  isLast?: (event: StreamEvent) => boolean;
  signal: AbortSignal;
}

const longestWait = 15_000;

/**
 * Watches a stream until it has ended or is no longer wanted. A stream that breaks goes on after the last event that was seen, so nothing is lost
 * and nothing comes twice. (EventSource would forget its place whenever a server says no for a moment.)
 */
export async function watch({ url, onEvent, onState, isLast, signal }: Watch) {
  let last: string | null = null;
  let wait = 500;
  onState('connecting');
  while (!signal.aborted) {
    try {
      const response: Response = await fetch(url, { headers: last ? { 'Last-Event-ID': last } : {}, signal });
      if ([401, 403, 404].includes(response.status)) {
        return onState('ended');
      }
      if (response.ok && response.body) {
        onState('live');
        wait = 500;
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
        const parser = new EventParser();
        for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
          for (const event of parser.push(piece.value)) {
            last = event.id ?? last;
            if (event.name) {
              onEvent(event);
            }
            if (isLast?.(event)) {
              return onState('ended');
            }
          }
        }
      }
    } catch {
      // The network, or nobody wants it any more: the loop decides.
    }
    if (signal.aborted) {
      return;
    }
    onState('broken');
    await new Promise((resolve) => setTimeout(resolve, wait * (0.75 + Math.random() / 2)));
    wait = Math.min(wait * 2, longestWait);
  }
}

/** The stream at an address for as long as the component stands; null watches nothing. */
export function useEventStream(url: string | null, onEvent: (event: StreamEvent) => void, isLast?: (event: StreamEvent) => boolean): StreamState {
  const [state, setState] = useState<StreamState>('connecting');
  const latest = useRef({ onEvent, isLast });
  latest.current = { onEvent, isLast };
  useEffect(() => {
    if (!url) {
      setState('ended');
      return;
    }
    const stop = new AbortController();
    void watch({
      url,
      onEvent: (event) => latest.current.onEvent(event),
      onState: setState,
      isLast: (event) => latest.current.isLast?.(event) ?? false,
      signal: stop.signal,
    });
    return () => stop.abort();
  }, [url]);
  return state;
}
