import { ActionIcon, Button, Card, Group, Select, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus, IconTrash, IconUsersGroup, IconX } from '@tabler/icons-react';
import { Confirm } from '~/components/Confirm';
import { onOpening } from '~/components/onDemand';
import { Page } from '~/components/Page';
import { Answered, Empty } from '~/components/states';
import type { TeamView } from '~/generated/api';
import { $api } from '~/lib/client';
import { tellProblem } from '~/lib/notify';
import { refresh } from '~/lib/queries';
import { useCan } from '~/lib/session';
import { strings } from '~/lib/strings';
import { useMembers } from '../api/useMembers';
import { useTeams } from '../api/useTeams';

const NewTeam = onOpening(() => import('../components/NewTeam').then((file) => file.NewTeam));

const t = strings.settings.teams;

export function TeamsPage() {
  const teams = useTeams();
  const may = useCan('members:write');
  const [creating, create] = useDisclosure();
  const button = may && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={create.open}>
      {t.create}
    </Button>
  );
  return (
    <Page title={strings.settings.parts.teams} text={t.text} actions={teams.data?.length ? button : null}>
      <Answered query={teams}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty icon={<IconUsersGroup size={40} aria-hidden />} title={t.empty} text={t.emptyText} action={button} />
          ) : (
            <SimpleGrid cols={{ base: 1, md: 2 }}>
              {rows.map((team) => (
                <Team key={team.id} team={team} />
              ))}
            </SimpleGrid>
          )
        }
      </Answered>
      <NewTeam opened={creating} onClose={create.close} />
    </Page>
  );
}

function Team({ team }: { team: TeamView }) {
  const may = useCan('members:write');
  const [deleting, deletion] = useDisclosure();
  const path = { id: team.id };
  const inTeam = $api.useQuery('get', '/v1/teams/{id}/members', { params: { path, query: { limit: 200 } } });
  const everyone = useMembers();
  const changed = { onSuccess: () => refresh('/v1/teams'), onError: tellProblem };
  const add = $api.useMutation('put', '/v1/teams/{id}/members/{user_id}', changed);
  const take = $api.useMutation('delete', '/v1/teams/{id}/members/{user_id}', changed);
  const remove = $api.useMutation('delete', '/v1/teams/{id}', changed);
  const others = (everyone.data ?? []).filter((member) => !inTeam.data?.items.some((there) => there.user_id === member.user_id));
  return (
    <Card withBorder component="section" aria-label={team.name}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap">
          <div>
            <Title order={2} size="h3">
              {team.name}
            </Title>
            <Text c="dimmed">{team.description || team.slug}</Text>
          </div>
          {may && (
            <ActionIcon variant="subtle" color="gray" onClick={deletion.open} aria-label={`${t.delete}: ${team.name}`}>
              <IconTrash size={16} />
            </ActionIcon>
          )}
        </Group>
        <Answered query={inTeam} lines={2}>
          {({ items }) => (
            <Stack gap={4}>
              {items.length === 0 && <Text c="dimmed">{t.nobody}</Text>}
              {items.map((member) => (
                <Group key={member.user_id} justify="space-between" wrap="nowrap">
                  <Text>
                    {member.name}{' '}
                    <Text span c="dimmed" size="sm">
                      {member.role}
                    </Text>
                  </Text>
                  {may && (
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      size="sm"
                      aria-label={t.remove(member.name)}
                      onClick={() => take.mutate({ params: { path: { ...path, user_id: member.user_id } } })}
                    >
                      <IconX size={14} />
                    </ActionIcon>
                  )}
                </Group>
              ))}
            </Stack>
          )}
        </Answered>
        {may && others.length > 0 && (
          <Select
            size="xs"
            aria-label={`${t.addMember}: ${team.name}`}
            placeholder={t.addMember}
            searchable
            value={null}
            data={others.map((member) => ({ value: member.user_id, label: `${member.name} (${member.email})` }))}
            onChange={(user_id) => user_id && add.mutate({ params: { path: { ...path, user_id } }, body: { role: 'member' } })}
          />
        )}
      </Stack>
      <Confirm
        opened={deleting}
        title={t.delete}
        text={t.deleteText(team.name)}
        action={t.delete}
        name={team.slug}
        busy={remove.isPending}
        onClose={deletion.close}
        onConfirm={() => remove.mutate({ params: { path } })}
      />
    </Card>
  );
}
