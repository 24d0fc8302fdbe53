import { Group, Stack, Text } from '@mantine/core';
import { TextLink } from '~/components/LinkButton';
import { StatusBadge } from '~/components/StatusBadge';
import { Time } from '~/components/Time';
import { $api } from '~/lib/client';
import { shortId } from '~/lib/format';
import { strings } from '~/lib/strings';

const t = strings.triggers;

/** What this trigger started last. */
export function Deliveries({ trigger }: { trigger: string }) {
  const runs = $api.useQuery('get', '/v1/runs', { params: { query: { trigger, limit: 5 } } }, { refetchInterval: 10_000 });
  return !runs.data?.items.length ? null : (
    <Stack gap={4}>
      <Group justify="space-between">
        <Text fw={500}>{t.deliveries}</Text>
        <TextLink to="/runs" search={{ trigger }} fz="sm">
          {t.allDeliveries}
        </TextLink>
      </Group>
      {runs.data.items.map((run) => (
        <Group key={run.id} justify="space-between" wrap="nowrap">
          <Group gap="xs">
            <StatusBadge status={run.status} />
            <TextLink to="/runs/$id" params={{ id: run.id }}>
              {shortId(run.id)}
            </TextLink>
          </Group>
          <Text size="sm" c="dimmed" component="div">
            <Time at={run.queued_at} />
          </Text>
        </Group>
      ))}
    </Stack>
  );
}
