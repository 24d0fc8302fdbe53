import { Badge, Card, Code, Group, Stack, Text, Title } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { DataTable } from '~/components/DataTable';
import { LinkButton } from '~/components/LinkButton';
import { Page } from '~/components/Page';
import { StatusBadge } from '~/components/StatusBadge';
import { Answered } from '~/components/states';
import type { VendorServiceView, VendorView } from '~/generated/api';
import { $api } from '~/lib/client';
import { count, money } from '~/lib/format';
import { useCredentials, useVendors } from '~/lib/integrations';
import { useCan } from '~/lib/session';
import { strings } from '~/lib/strings';
import { Parts } from '../components/Parts';

const t = strings.integrations.models;

export function ModelsPage() {
  const vendors = useVendors();
  const mayRead = useCan('credentials:read');
  const credentials = useCredentials(mayRead);
  const withKey = new Set(credentials.data?.items.flatMap((credential) => (credential.vendor ? [credential.vendor] : [])));
  const services = useQueries({
    queries: (vendors.data?.items ?? []).map((vendor) =>
      $api.queryOptions('get', '/v1/vendors/{vendor}/services', { params: { path: { vendor: vendor.id } } }, { staleTime: 300_000 }),
    ),
  });
  return (
    <Page title={t.title} text={t.text}>
      <Parts at="models" />
      <Answered query={vendors} lines={8}>
        {({ items }) => (
          <Stack>
            {items.map((vendor, at) => {
              const query = services[at];
              return (
                <Card key={vendor.id} withBorder component="section" aria-label={vendor.name}>
                  <Stack gap="xs">
                    <Head vendor={vendor} hasKey={withKey.has(vendor.id)} />
                    {query && (
                      <Answered query={query} lines={2}>
                        {(page) => <Services vendor={vendor} rows={page.items} />}
                      </Answered>
                    )}
                  </Stack>
                </Card>
              );
            })}
          </Stack>
        )}
      </Answered>
    </Page>
  );
}

function Head({ vendor, hasKey }: { vendor: VendorView; hasKey: boolean }) {
  const may = useCan('credentials:write');
  const isFree = vendor.auth_type === 'none';
  return (
    <Group justify="space-between" align="flex-start">
      <div>
        <Group gap="xs">
          <Title order={2} size="h3">
            {vendor.name}
          </Title>
          <StatusBadge status={isFree || hasKey ? 'succeeded' : 'queued'} label={isFree ? t.free : hasKey ? t.ready : t.noKey} />
        </Group>
        <Text c="dimmed">{vendor.description}</Text>
      </div>
      {may && !isFree && (
        <LinkButton size="compact-sm" variant="default" to="/credentials" search={{ add: true, vendor: vendor.id }} aria-label={t.addKeyFor(vendor.name)}>
          {t.addKey}
        </LinkButton>
      )}
    </Group>
  );
}

function Services({ vendor, rows }: { vendor: VendorView; rows: VendorServiceView[] }) {
  const priceOf = (row: VendorServiceView, of: 'input_micros_per_mtok' | 'output_micros_per_mtok') =>
    row.prices
      .filter((price) => price[of] > 0)
      .map((price) => (
        <div key={price.from_prompt_tokens}>
          {money(price[of], price.currency)}
          {price.from_prompt_tokens > 0 && (
            <Text span size="xs" c="dimmed">
              {' '}
              {t.priced(count(price.from_prompt_tokens))}
            </Text>
          )}
        </div>
      ));
  const abilities = (row: VendorServiceView) =>
    Object.entries((row.capabilities ?? {}) as Record<string, unknown>)
      .filter(([, value]) => value === true)
      .map(([name]) => name.replaceAll('_', ' '));
  return (
    <DataTable<VendorServiceView>
      label={`${t.title}: ${vendor.name}`}
      rows={rows}
      keyOf={(row) => row.id}
      columns={[
        {
          id: 'model',
          title: t.model,
          cell: (row) => (
            <div>
              <Code>{row.id}</Code>
              <Text size="xs" c="dimmed">
                {row.id.endsWith('/*') ? t.any : row.display_name}
              </Text>
            </div>
          ),
        },
        { id: 'kind', title: t.modality, secondary: true, cell: (row) => t.modalities[row.modality] ?? row.modality },
        {
          id: 'window',
          title: t.window,
          secondary: true,
          align: 'right',
          cell: (row) => (row.context_window ? count(row.context_window) : strings.common.none),
        },
        { id: 'input', title: `${t.input} ${t.perMillion}`, align: 'right', cell: (row) => priceOf(row, 'input_micros_per_mtok') },
        { id: 'output', title: `${t.output} ${t.perMillion}`, align: 'right', secondary: true, cell: (row) => priceOf(row, 'output_micros_per_mtok') },
        {
          id: 'can',
          title: t.can,
          secondary: true,
          cell: (row) => (
            <Group gap={4}>
              {abilities(row).map((ability) => (
                <Badge key={ability} variant="default" tt="none" fw={500}>
                  {ability}
                </Badge>
              ))}
            </Group>
          ),
        },
      ]}
    />
  );
}
