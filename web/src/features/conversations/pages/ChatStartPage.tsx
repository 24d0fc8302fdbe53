import { Center, Select, Stack, Text, Title } from '@mantine/core';
import { IconMessageCirclePlus } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { LinkButton } from '~/components/LinkButton';
import { Empty } from '~/components/states';
import { useAgents } from '~/lib/agents';
import { tellProblem } from '~/lib/notify';
import { useCan } from '~/lib/session';
import { strings } from '~/lib/strings';
import { useTitle } from '~/lib/useTitle';
import { useBegin } from '../api/useSay';
import { BackToList } from '../components/BackToList';
import classes from '../components/Chat.module.css';
import { Composer } from '../components/Composer';

const t = strings.conversations;

/** A conversation that has not begun: with whom, and what is said first. */
export function ChatStartPage() {
  const { agent = null } = useSearch({ from: '/app/chat' });
  const navigate = useNavigate({ from: '/chat' });
  const may = useCan('conversations:write');
  const { items, isPending } = useAgents();
  const begin = useBegin();
  useTitle(t.title);
  const ready = items.filter((one) => one.status === 'active' && one.latest_version).sort((a, b) => (b.last_used_at ?? '').localeCompare(a.last_used_at ?? ''));
  const chosen = ready.find((one) => one.slug === agent);
  return (
    <section className={classes.talk} aria-label={t.begin}>
      <BackToList />
      <Center flex={1}>
        {ready.length === 0 && !isPending ? (
          <Empty
            icon={<IconMessageCirclePlus size={40} aria-hidden />}
            title={t.noAgents}
            text={t.noAgentsText}
            action={<LinkButton to="/gallery">{t.toGallery}</LinkButton>}
          />
        ) : (
          <Stack align="center" gap="sm" w="100%" maw={460}>
            <IconMessageCirclePlus size={40} aria-hidden />
            <Title order={1}>{t.title}</Title>
            <Text c="dimmed">{t.text}</Text>
            {may && (
              <Select
                w="100%"
                label={t.pickAgent}
                placeholder={t.pickAgentHint}
                searchable
                data={ready.map((one) => ({ value: one.slug, label: one.name }))}
                value={chosen?.slug ?? null}
                onChange={(slug) => void navigate({ search: (former) => ({ ...former, agent: slug ?? undefined, begin: true }), replace: true })}
              />
            )}
            {chosen?.description && (
              <Text c="dimmed" ta="center">
                {chosen.description}
              </Text>
            )}
          </Stack>
        )}
      </Center>
      {may && (
        <Composer
          draft="new"
          label={chosen ? t.writeTo(chosen.name) : t.write}
          busy={begin.isPending}
          disabled={!chosen}
          onSay={async (saying) => {
            try {
              const { id, refusal } = await begin.mutateAsync({ agent: chosen?.slug ?? '', ...saying });
              if (refusal) {
                tellProblem(refusal);
              }
              void navigate({ to: '/chat/$id', params: { id }, search: ({ q }) => ({ q }) });
              return !refusal;
            } catch (error) {
              tellProblem(error);
              return false;
            }
          }}
        />
      )}
    </section>
  );
}
