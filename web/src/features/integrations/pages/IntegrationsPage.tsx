import { Anchor, Badge, Button, Card, Code, Group, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconFileImport, IconPlug, IconSearch } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { LinkButton, TextLink } from '~/components/LinkButton';
import { onDemand } from '~/components/onDemand';
import { Page } from '~/components/Page';
import { Answered, Empty } from '~/components/states';
import type { IntegrationView } from '~/generated/api';
import { useCredentials, useIntegrations } from '~/lib/integrations';
import { useCan } from '~/lib/session';
import { strings } from '~/lib/strings';
import { Parts } from '../components/Parts';

const ImportDialog = onDemand(() => import('../components/ImportDialog').then((file) => file.ImportDialog));

const t = strings.integrations;

export function IntegrationsPage() {
  const { q = '', import: importing } = useSearch({ from: '/app/integrations' });
  const navigate = useNavigate({ from: '/integrations' });
  const set = (change: object) => void navigate({ search: (former) => ({ ...former, ...change }), replace: true });
  const later = useDebouncedCallback((text: string) => set({ q: text || undefined }), 200);
  const mayMakeSkills = useCan('skills:write');
  const mayImport = useCan('credentials:write') && mayMakeSkills;
  const mayRead = useCan('credentials:read');
  const integrations = useIntegrations();
  const credentials = useCredentials(mayRead);
  const countOf = (slug: string) => credentials.data?.items.filter((credential) => credential.integration === slug).length ?? 0;
  const button = mayImport && (
    <Button variant="default" leftSection={<IconFileImport size={16} aria-hidden />} onClick={() => set({ import: true })}>
      {t.import}
    </Button>
  );
  return (
    <Page title={t.title} text={t.text} actions={button}>
      <Parts at="integrations" />
      <search>
        <TextInput
          aria-label={t.search}
          placeholder={t.search}
          maw={320}
          leftSection={<IconSearch size={16} aria-hidden />}
          defaultValue={q}
          onChange={(event) => later(event.currentTarget.value)}
        />
      </search>
      <Answered query={integrations} lines={6}>
        {({ items }) => {
          const shown = items
            .filter((entry) => `${entry.name} ${entry.slug} ${entry.description}`.toLowerCase().includes(q.toLowerCase()))
            .sort((a, b) => Number(a.is_platform) - Number(b.is_platform) || a.name.localeCompare(b.name));
          return shown.length === 0 ? (
            <Empty icon={<IconPlug size={40} aria-hidden />} title={t.empty} text={t.emptyText} action={button} />
          ) : (
            <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
              {shown.map((entry) => (
                <Entry key={entry.id} integration={entry} credentials={countOf(entry.slug)} />
              ))}
            </SimpleGrid>
          );
        }}
      </Answered>
      {importing && mayImport && <ImportDialog onClose={() => set({ import: undefined })} />}
    </Page>
  );
}

interface Spec {
  hosts?: string[];
  documentation_url?: string;
}

function Entry({ integration, credentials }: { integration: IntegrationView; credentials: number }) {
  const may = useCan('credentials:write');
  const { hosts = [], documentation_url } = integration.spec as Spec;
  return (
    <Card withBorder component="article" aria-label={integration.name}>
      <Stack gap="xs" h="100%">
        <Group justify="space-between">
          <Title order={2} size="h3">
            {integration.name}
          </Title>
          <Group gap={4}>
            {!integration.is_platform && (
              <Badge variant="default" tt="none">
                {t.own}
              </Badge>
            )}
            {!integration.is_active && (
              <Badge variant="default" tt="none">
                {t.inactive}
              </Badge>
            )}
            <Badge variant="default" tt="none" fw={500}>
              {t.kinds[integration.auth_type] ?? integration.auth_type}
            </Badge>
          </Group>
        </Group>
        <Text c="dimmed" style={{ flex: 1 }}>
          {integration.description}
        </Text>
        <Text size="xs" c="dimmed" component="div">
          {hosts.map((host) => (
            <Code key={host} mr={4}>
              {host}
            </Code>
          ))}
        </Text>
        <Group justify="space-between">
          {documentation_url && /^https?:/.test(documentation_url) ? (
            <Anchor href={documentation_url} target="_blank" rel="noreferrer" inherit aria-label={t.documentationOf(integration.name)}>
              {t.documentation}
            </Anchor>
          ) : (
            <span />
          )}
          {credentials > 0 && (
            <TextLink to="/credentials" aria-label={t.credentialsOf(t.credentials(credentials), integration.name)}>
              {t.credentials(credentials)}
            </TextLink>
          )}
          {may && integration.auth_type !== 'none' && (
            <LinkButton
              size="compact-sm"
              variant="default"
              to="/credentials"
              search={{ add: true, integration: integration.slug }}
              aria-label={t.connectTo(integration.name)}
            >
              {t.connect}
            </LinkButton>
          )}
        </Group>
      </Stack>
    </Card>
  );
}
