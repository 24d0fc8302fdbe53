import type { SkillView } from '~/generated/api';
import { $api } from '~/lib/client';
import { skillSlug } from '~/lib/graph';

export function useSkills() {
  return $api.useQuery('get', '/v1/skills', { params: { query: { limit: 200 } } }, { staleTime: 60_000 });
}

/** The version that a node names, or the latest. */
export function versionOf(skill: string, skills: readonly SkillView[] | undefined) {
  const asked = skill.split('@')[1] ?? '';
  return /^\d+\.\d+\.\d+/.test(asked) ? asked : skills?.find((one) => one.slug === skillSlug(skill))?.latest_version;
}

/** What a skill takes. */
export function useSkillSchema(skill: string) {
  const slug = skillSlug(skill);
  const skills = useSkills();
  const version = versionOf(skill, skills.data?.items);
  return $api.useQuery(
    'get',
    '/v1/skills/{skill}/versions/{version}',
    { params: { path: { skill: slug, version: version ?? '' } } },
    { enabled: Boolean(version), staleTime: Number.POSITIVE_INFINITY, retry: false },
  );
}
