import { Button, Card, Group, Stack, Switch, TagsInput, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { Confirm } from '~/components/Confirm';
import type { SkillView } from '~/generated/api';
import { $api } from '~/lib/client';
import { tellProblem } from '~/lib/notify';
import { refresh } from '~/lib/queries';
import { strings } from '~/lib/strings';
import { useTagSkill, useTags } from '../api/useTags';

const t = strings.skills;

export function SkillSettings({ skill }: { skill: SkillView }) {
  const navigate = useNavigate();
  const [deleting, deletion] = useDisclosure();
  const tags = useTags();
  const tag = useTagSkill(skill.slug);
  const path = { params: { path: { skill: skill.slug } } };
  const change = $api.useMutation('patch', '/v1/skills/{skill}', { onSuccess: () => refresh('/v1/skills'), onError: tellProblem });
  const remove = $api.useMutation('delete', '/v1/skills/{skill}', {
    onSuccess: () => {
      void refresh('/v1/skills');
      void navigate({ to: '/skills' });
    },
    onError: tellProblem,
  });
  return (
    <Card withBorder component="section" aria-label={t.settings}>
      <Stack>
        <Title order={2}>{t.settings}</Title>
        <TagsInput
          label={t.tags}
          description={t.tagsHint}
          data={tags.data?.items.map((entry) => entry.slug) ?? []}
          value={skill.tags}
          disabled={tag.isPending}
          onChange={(next) => tag.mutate(next)}
        />
        <Group justify="space-between">
          <Switch
            label={t.active}
            checked={skill.is_active}
            disabled={change.isPending}
            onChange={(event) => change.mutate({ ...path, body: { is_active: event.currentTarget.checked } })}
          />
          <Button variant="default" c="var(--mantine-color-error)" onClick={deletion.open}>
            {t.delete}
          </Button>
        </Group>
      </Stack>
      <Confirm
        opened={deleting}
        title={t.delete}
        text={t.deleteText(skill.name)}
        action={t.delete}
        name={skill.name}
        busy={remove.isPending}
        onClose={deletion.close}
        onConfirm={() => remove.mutate(path)}
      />
    </Card>
  );
}
