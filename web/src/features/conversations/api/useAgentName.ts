import { useAgents } from '~/lib/agents';
import { shortId } from '~/lib/format';
import type { Conversation } from './types';

/** Who is talked with. */
export function useAgentName() {
  const { nameOf } = useAgents();
  return ({ agent_id, agent_slug }: Pick<Conversation, 'agent_id' | 'agent_slug'>) => nameOf(agent_id) ?? agent_slug ?? shortId(agent_id);
}
