import { useQueries } from '@tanstack/react-query';
import { $api } from '~/lib/client';
import { type GraphNode, skillSlug } from '~/lib/graph';
import { isRecord, type Scope } from './expressions';
import { useSkills, versionOf } from './useSkills';

/** What a schema says that a value has: its names, without values. */
export function shapeOf(schema: unknown): unknown {
  if (!isRecord(schema)) {
    return undefined;
  }
  if (isRecord(schema.properties)) {
    return Object.fromEntries(Object.entries(schema.properties).map(([name, member]) => [name, shapeOf(member)]));
  }
  return schema.items === undefined ? undefined : [shapeOf(schema.items)];
}

/** What nodes that never ran will give, as far as their skills tell it. */
export function useShapes(nodes: readonly GraphNode[]): Scope {
  const skills = useSkills();
  return useQueries({
    queries: nodes.map((node) => {
      const version = versionOf(node.skill, skills.data?.items);
      return {
        ...$api.queryOptions('get', '/v1/skills/{skill}/versions/{version}', { params: { path: { skill: skillSlug(node.skill), version: version ?? '' } } }),
        // A transform gives what it is told to, whatever that is.
        enabled: Boolean(version) && skillSlug(node.skill) !== 'transform',
        staleTime: Number.POSITIVE_INFINITY,
        retry: false,
      };
    }),
    combine: (answers) =>
      Object.fromEntries(
        nodes.map((node, i) => [
          node.id,
          skillSlug(node.skill) === 'transform'
            ? Object.fromEntries(Object.keys(node.with ?? {}).map((name) => [name, undefined]))
            : shapeOf(answers[i]?.data?.output_schema),
        ]),
      ),
  });
}
