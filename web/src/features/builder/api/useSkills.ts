import { $api } from '~/lib/client';
import { skillSlug } from '~/lib/graph';

export function useSkills() {
  return $api.useQuery('get', '/v1/skills', { params: { query: { limit: 200 } } }, { staleTime: 60_000 });
}

/** What a skill takes, by the version that the node names or the latest. */
export function useSkillSchema(skill: string) {
  const slug = skillSlug(skill);
  const skills = useSkills();
  const known = skills.data?.items.find((one) => one.slug === slug);
  const asked = skill.split('@')[1] ?? '';
  const version = /^\d+\.\d+\.\d+/.test(asked) ? asked : known?.latest_version;
  return $api.useQuery(
    'get',
    '/v1/skills/{skill}/versions/{version}',
    { params: { path: { skill: slug, version: version ?? '' } } },
    { enabled: Boolean(version), staleTime: Number.POSITIVE_INFINITY, retry: false },
  );
}
