import { Badge, Button, Card, Group, SegmentedControl, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconLayoutGrid, IconSearch } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { LinkButton } from '~/components/LinkButton';
import { onDemand } from '~/components/onDemand';
import { Page } from '~/components/Page';
import { Empty } from '~/components/states';
import { strings } from '~/lib/strings';
import { type Template, templates } from '../api/templates';

const TemplateDialog = onDemand(() => import('../components/TemplateDialog').then((file) => file.TemplateDialog));

const t = strings.gallery;
const kinds = Object.keys(t.kinds) as (keyof typeof t.kinds)[];

const holds = (template: Template, words: string) => {
  const text = [template.name, template.description, ...template.tags].join(' ').toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
};

export function GalleryPage() {
  const { q = '', kind, template } = useSearch({ from: '/app/gallery' });
  const navigate = useNavigate({ from: '/gallery' });
  const set = (change: object) => void navigate({ search: (former) => ({ ...former, ...change }), replace: true });
  const later = useDebouncedCallback((text: string) => set({ q: text || undefined }), 200);
  const shown = templates.filter((entry) => (!kind || entry.kind === kind) && holds(entry, q));
  const open = templates.find((entry) => entry.slug === template);
  return (
    <Page title={t.title} text={t.text}>
      <Group component="search" align="flex-end" gap="sm">
        <TextInput
          aria-label={t.search}
          placeholder={t.searchHint}
          leftSection={<IconSearch size={16} aria-hidden />}
          defaultValue={q}
          onChange={(event) => later(event.currentTarget.value)}
        />
        <SegmentedControl
          aria-label={t.kind}
          visibleFrom="md"
          value={kind ?? ''}
          onChange={(next) => set({ kind: next || undefined })}
          data={[{ value: '', label: t.all }, ...kinds.map((value) => ({ value, label: t.kinds[value] }))]}
        />
      </Group>
      {shown.length === 0 ? (
        <Empty
          icon={<IconLayoutGrid size={40} aria-hidden />}
          title={t.empty}
          text={t.emptyText}
          action={<LinkButton to="/agents">{strings.shell.agents}</LinkButton>}
        />
      ) : (
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
          {shown.map((entry) => (
            <Entry key={entry.slug} template={entry} onOpen={() => set({ template: entry.slug })} />
          ))}
        </SimpleGrid>
      )}
      {open && <TemplateDialog key={open.slug} template={open} onClose={() => set({ template: undefined })} />}
    </Page>
  );
}

function Entry({ template, onOpen }: { template: Template; onOpen: () => void }) {
  return (
    <Card withBorder component="article" aria-label={template.name}>
      <Stack gap="xs" h="100%">
        <Title order={2} size="h3">
          {template.name}
        </Title>
        <Text c="dimmed" style={{ flex: 1 }}>
          {template.description}
        </Text>
        <Group gap={6}>
          <Badge variant="default" tt="none" fw={500}>
            {t.kinds[template.kind as keyof typeof t.kinds] ?? template.kind}
          </Badge>
          <Badge variant="default" tt="none" fw={500}>
            {t.steps(template.steps)}
          </Badge>
          <Badge variant="default" tt="none" fw={500}>
            {template.asksModel ? t.asksModel : t.asksNone}
          </Badge>
        </Group>
        <Button variant="default" onClick={onOpen} aria-label={`${t.use}: ${template.name}`}>
          {t.use}
        </Button>
      </Stack>
    </Card>
  );
}
