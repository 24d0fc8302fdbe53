import { useCallback } from 'react';
import type { UsageGroup } from '~/generated/api';
import { useAgents } from '~/lib/agents';
import { shortId } from '~/lib/format';
import { useMembers } from '~/lib/members';
import { strings } from '~/lib/strings';
import type { Group } from './useUsage';

/** A group as people call it. */
export function useNames(by: Group) {
  const agents = useAgents();
  const members = useMembers();
  return useCallback(
    ({ key, name }: Pick<UsageGroup, 'key' | 'name'>) => {
      if (!key) {
        return strings.usage.nobody;
      }
      return (by === 'agent' ? (agents.nameOf(key) ?? name) : by === 'user' ? members.nameOf(key) : key) ?? shortId(key);
    },
    [by, agents, members],
  );
}
