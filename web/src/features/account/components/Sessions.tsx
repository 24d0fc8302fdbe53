import { Badge, Button, Card, Code, Group, Stack, Text, Title } from '@mantine/core';
import { Answered } from '~/components/states';
import { Time } from '~/components/Time';
import type { SessionView } from '~/generated/api';
import { $api, client } from '~/lib/client';
import { tellDone, tellProblem } from '~/lib/notify';
import { usePages } from '~/lib/paged';
import { refresh } from '~/lib/queries';
import { useAccount } from '~/lib/session';
import { strings } from '~/lib/strings';
import { deviceOf } from '../api/device';

const t = strings.account;

/** Where one is signed in; anything that is not one's own ends here. */
export function Sessions() {
  const { user, role } = useAccount();
  const list = usePages(['get', '/v1/me/sessions'], (cursor, signal) => client.GET('/v1/me/sessions', { params: { query: { limit: 20, cursor } }, signal }));
  return (
    <Card withBorder component="section">
      <Stack>
        <Title order={2}>{t.sessions}</Title>
        <Text c="dimmed" component="div">
          {t.role}: {role} · {t.memberSince}: <Time at={user.created_at} />
        </Text>
        <Answered query={list}>{(rows) => rows.map((session) => <Session key={session.id} session={session} />)}</Answered>
        {list.more && (
          <Button variant="default" size="xs" onClick={list.more.load} loading={list.more.busy}>
            {strings.common.more}
          </Button>
        )}
      </Stack>
    </Card>
  );
}

function Session({ session }: { session: SessionView }) {
  const end = $api.useMutation('delete', '/v1/me/sessions/{id}', {
    onSuccess: () => {
      tellDone(t.sessionEnded);
      return refresh('/v1/me/sessions');
    },
    onError: tellProblem,
  });
  const device = deviceOf(session.user_agent);
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start">
      <div style={{ minWidth: 0 }}>
        <Text fw={500} title={session.user_agent ?? undefined}>
          {device ?? t.unknownDevice}
        </Text>
        <Text size="sm" c="dimmed" component="div">
          {session.ip && <Code>{session.ip}</Code>} {t.lastSeen} <Time at={session.last_seen_at} /> · {t.signedIn} <Time at={session.created_at} />
        </Text>
      </div>
      {session.is_current ? (
        <Badge variant="default" style={{ flexShrink: 0 }}>
          {t.current}
        </Badge>
      ) : (
        <Button
          variant="default"
          size="xs"
          loading={end.isPending}
          aria-label={t.endSession(device ?? t.unknownDevice)}
          onClick={() => end.mutate({ params: { path: { id: session.id } } })}
        >
          {t.end}
        </Button>
      )}
    </Group>
  );
}
