import type { ConversationView, MessageView } from '~/generated/api';

export type Conversation = ConversationView;

export type Message = MessageView;

/** What a model called on the way to its answer, as the API stores it with the message. */
export interface ToolCall {
  id: string;
  tool: string;
  arguments?: unknown;
  result_excerpt?: string | null;
  status: string;
  duration_ms: number | null;
}

export const toolsOf = (message: Message) => (Array.isArray(message.tool_calls) ? (message.tool_calls as ToolCall[]) : []);

export const errorOf = (message: Message) => message.error as { code?: string; message?: string; node?: string | null } | null;

export const isOpen = (message: Message) => message.status === 'pending' || message.status === 'running';
