import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { DataTable } from '~/components/DataTable';
import { TextLink } from '~/components/LinkButton';
import { StatusBadge } from '~/components/StatusBadge';
import { Time } from '~/components/Time';
import type { SkillVersionView, SkillView } from '~/generated/api';
import { $api } from '~/lib/client';
import { tellProblem } from '~/lib/notify';
import { refresh } from '~/lib/queries';
import { strings } from '~/lib/strings';

const t = strings.skills;

interface VersionsProps {
  skill: SkillView;
  rows: SkillVersionView[];
  more: { load: () => void; busy: boolean } | null;
  shown?: string;
  mayChange: boolean;
}

export function Versions({ skill, rows, more, shown, mayChange }: VersionsProps) {
  return (
    <DataTable<SkillVersionView>
      label={t.versions}
      rows={rows}
      keyOf={(row) => row.id}
      more={more}
      columns={[
        {
          id: 'number',
          title: t.version,
          cell: (row) => (
            <Group gap="xs">
              <TextLink
                to="/skills/$skill"
                params={{ skill: skill.slug }}
                search={{ version: row.semantic_version }}
                aria-label={t.showVersion(row.semantic_version)}
                aria-current={row.semantic_version === shown ? 'true' : undefined}
                fw={row.semantic_version === shown ? 700 : undefined}
              >
                {row.semantic_version}
              </TextLink>
              {row.semantic_version === skill.latest_version && <StatusBadge status="succeeded" label={t.latest} />}
              {!row.is_active && <StatusBadge status="queued" label={t.draft} />}
              {row.is_deprecated && <StatusBadge status="waiting" label={t.deprecated} />}
            </Group>
          ),
        },
        {
          id: 'log',
          title: t.edit.changelog,
          secondary: true,
          cell: (row) => (
            <>
              {row.changelog ?? strings.common.none}
              {row.deprecation_message && (
                <Text size="xs" c="dimmed">
                  {row.deprecation_message}
                </Text>
              )}
            </>
          ),
        },
        { id: 'created', title: strings.common.created, cell: (row) => <Time at={row.created_at} /> },
        ...(mayChange
          ? [
              {
                id: 'actions',
                title: strings.common.actions,
                align: 'right' as const,
                cell: (row: SkillVersionView) => <Standing skill={skill.slug} version={row} />,
              },
            ]
          : []),
      ]}
    />
  );
}

function Standing({ skill, version }: { skill: string; version: SkillVersionView }) {
  const [asking, setAsking] = useState(false);
  const [message, setMessage] = useState('');
  const done = {
    onSuccess: () => {
      setAsking(false);
      return refresh('/v1/skills');
    },
    onError: tellProblem,
  };
  const activate = $api.useMutation('post', '/v1/skills/{skill}/versions/{version}/activate', done);
  const deprecate = $api.useMutation('post', '/v1/skills/{skill}/versions/{version}/deprecate', done);
  const path = { params: { path: { skill, version: version.semantic_version } } };
  if (version.is_deprecated || !version.is_active) {
    return (
      <Button variant="default" size="compact-sm" loading={activate.isPending} onClick={() => activate.mutate(path)}>
        {t.activate}
      </Button>
    );
  }
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={() => setAsking(true)}>
        {t.deprecate}
      </Button>
      <Modal opened={asking} onClose={() => setAsking(false)} title={t.deprecateTitle(version.semantic_version)}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            deprecate.mutate({ ...path, body: message ? { message } : {} });
          }}
        >
          <Stack>
            <Text c="dimmed">{t.deprecateText}</Text>
            <TextInput label={t.deprecateMessage} value={message} onChange={(event) => setMessage(event.currentTarget.value)} data-autofocus />
            <Group justify="flex-end">
              <Button type="submit" loading={deprecate.isPending}>
                {t.deprecate}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
