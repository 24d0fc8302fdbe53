import { List, Text } from '@mantine/core';
import { $api } from '~/lib/client';
import { moment } from '~/lib/format';
import { strings } from '~/lib/strings';

const t = strings.triggers;

export function NextTimes({ id }: { id: string }) {
  const next = $api.useQuery('get', '/v1/triggers/{id}/next', { params: { path: { id }, query: { count: 10 } } });
  return (
    <details>
      <summary>{t.nextTen}</summary>
      {next.data && <Times at={next.data.items} />}
    </details>
  );
}

export function Times({ at }: { at: string[] }) {
  return at.length === 0 ? (
    <Text c="dimmed">{strings.common.none}</Text>
  ) : (
    <List size="sm">
      {at.map((time) => (
        <List.Item key={time}>
          <time dateTime={time}>{moment(time)}</time>
        </List.Item>
      ))}
    </List>
  );
}
