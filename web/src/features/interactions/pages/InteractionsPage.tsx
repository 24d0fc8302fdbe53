import { Anchor, Badge, Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus, IconStars } from '@tabler/icons-react';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { DataTable } from '~/components/DataTable';
import { TextLink } from '~/components/LinkButton';
import { onDemand } from '~/components/onDemand';
import { Page } from '~/components/Page';
import { Answered, Empty } from '~/components/states';
import { Time } from '~/components/Time';
import type { InteractionView } from '~/generated/api';
import { useAgents } from '~/lib/agents';
import { $api } from '~/lib/client';
import { money } from '~/lib/format';
import { tellDone, tellProblem } from '~/lib/notify';
import { refresh } from '~/lib/queries';
import { useCan } from '~/lib/session';
import { strings } from '~/lib/strings';
import { useInteractions } from '../api/useInteractions';
import { useTypes } from '../api/useTypes';
import { InteractionFilters } from '../components/InteractionFilters';

const CreateInteraction = onDemand(() => import('../components/CreateInteraction').then((file) => file.CreateInteraction));
const RatingDialog = onDemand(() => import('~/components/RatingDialog').then((file) => file.RatingDialog));

const t = strings.interactions;

export function InteractionsPage() {
  const filter = useSearch({ from: '/app/interactions' });
  const list = useInteractions(filter);
  const types = useTypes();
  const { nameOf } = useAgents();
  const may = useCan('conversations:write');
  const [creating, create] = useDisclosure();
  const [rated, setRated] = useState<InteractionView | null>(null);
  const isFiltered = Object.keys(filter).length > 0;
  const keep = $api.useMutation('patch', '/v1/interactions/{id}', {
    onSuccess: () => {
      tellDone(t.saved);
      setRated(null);
      return refresh('/v1/interactions');
    },
    onError: tellProblem,
  });
  const button = may && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={create.open}>
      {t.create}
    </Button>
  );
  return (
    <Page title={t.title} text={t.text} actions={list.data?.length || isFiltered ? button : null}>
      <InteractionFilters filter={filter} />
      <Answered query={list} lines={8}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty
              icon={<IconStars size={40} aria-hidden />}
              title={isFiltered ? t.emptyFiltered : t.empty}
              text={isFiltered ? undefined : t.emptyText}
              action={isFiltered ? undefined : button}
            />
          ) : (
            <DataTable<InteractionView>
              label={t.title}
              rows={rows}
              keyOf={(row) => row.id}
              more={list.more}
              columns={[
                { id: 'title', title: t.name, cell: (row) => <Name row={row} /> },
                {
                  id: 'type',
                  title: t.type,
                  secondary: true,
                  cell: (row) => types.data?.items.find((type) => type.id === row.type)?.name ?? row.type,
                },
                { id: 'agent', title: t.agent, secondary: true, cell: (row) => (row.agent_id && nameOf(row.agent_id)) ?? strings.common.none },
                { id: 'when', title: t.when, cell: (row) => <Time at={row.started_at} /> },
                {
                  id: 'cost',
                  title: t.cost,
                  secondary: true,
                  align: 'right',
                  cell: (row) => (row.cost_micros > 0 ? money(row.cost_micros) : strings.common.none),
                },
                {
                  id: 'rating',
                  title: t.rating,
                  cell: (row) =>
                    may ? (
                      <Button variant="subtle" size="compact-sm" onClick={() => setRated(row)} aria-label={t.rateOf(row.title)}>
                        {row.satisfaction || row.usefulness ? <Stars row={row} /> : t.rate}
                      </Button>
                    ) : (
                      <Stars row={row} />
                    ),
                },
              ]}
            />
          )
        }
      </Answered>
      {creating && <CreateInteraction onClose={create.close} />}
      {rated && (
        <RatingDialog
          title={t.rateOf(rated.title)}
          rating={rated}
          busy={keep.isPending}
          onClose={() => setRated(null)}
          onSave={(body) => keep.mutate({ params: { path: { id: rated.id } }, body })}
        />
      )}
    </Page>
  );
}

/** Its title, which leads to what it was. */
function Name({ row }: { row: InteractionView }) {
  return (
    <div>
      {row.conversation_id ? (
        <TextLink to="/chat/$id" params={{ id: row.conversation_id }} fw={500}>
          {row.title}
        </TextLink>
      ) : row.run_id ? (
        <TextLink to="/runs/$id" params={{ id: row.run_id }} fw={500}>
          {row.title}
        </TextLink>
      ) : row.external_link && /^https?:\/\//i.test(row.external_link) ? (
        <Anchor inherit href={row.external_link} target="_blank" rel="noopener noreferrer" fw={500}>
          {row.title}
        </Anchor>
      ) : (
        <Text fw={500}>{row.title}</Text>
      )}
      <Group gap={4}>
        {row.tags.map((tag) => (
          <Badge key={tag} variant="default" tt="none" size="sm">
            {tag}
          </Badge>
        ))}
      </Group>
    </div>
  );
}

function Stars({ row }: { row: InteractionView }) {
  const stars = row.satisfaction ?? row.usefulness;
  return <span>{stars ? t.of5(stars) : t.unrated}</span>;
}
