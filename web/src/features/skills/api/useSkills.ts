import { client } from '~/lib/client';
import { usePages } from '~/lib/paged';

export interface SkillFilter {
  q?: string;
  type?: string;
  tag?: string;
  own?: boolean;
}

export const useSkills = ({ own: _, ...filter }: SkillFilter) =>
  usePages(['get', '/v1/skills', filter], (cursor, signal) => client.GET('/v1/skills', { params: { query: { ...filter, limit: 100, cursor } }, signal }));
