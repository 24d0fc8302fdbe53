import { Button, Card, SimpleGrid, Stack, Title } from '@mantine/core';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { CodeEditor, type CodeEditorProps } from '~/components/CodeEditor';
import { CopyBlock } from '~/components/Copy';
import { JsonView } from '~/components/JsonView';
import { TextLink } from '~/components/LinkButton';
import { onDemand } from '~/components/onDemand';
import { Page } from '~/components/Page';
import { StatusBadge } from '~/components/StatusBadge';
import { Answered } from '~/components/states';
import type { SkillVersionView, SkillView } from '~/generated/api';
import { $api } from '~/lib/client';
import { useCan } from '~/lib/session';
import { strings } from '~/lib/strings';
import { useVersions } from '../api/useVersions';
import { Versions } from '../components/Versions';

const SkillSettings = onDemand(() => import('../components/SkillSettings').then((file) => file.SkillSettings));
const VersionEditor = onDemand(() => import('../components/VersionEditor').then((file) => file.VersionEditor));

const t = strings.skills;

export function SkillPage() {
  const { skill } = useParams({ from: '/app/skills/$skill' });
  const found = $api.useQuery('get', '/v1/skills/{skill}', { params: { path: { skill } } });
  return <Answered query={found}>{(view) => <Skill key={view.id} skill={view} />}</Answered>;
}

function Skill({ skill }: { skill: SkillView }) {
  const { version } = useSearch({ from: '/app/skills/$skill' });
  const navigate = useNavigate({ from: '/skills/$skill' });
  const may = useCan('skills:write') && !skill.is_platform;
  const versions = useVersions(skill.slug);
  const [editing, setEditing] = useState(false);
  const number = version ?? skill.latest_version ?? versions.data?.[0]?.semantic_version;
  // The list leaves the source out.
  const whole = $api.useQuery(
    'get',
    '/v1/skills/{skill}/versions/{version}',
    { params: { path: { skill: skill.slug, version: number ?? '' } } },
    { enabled: number !== undefined },
  );
  const show = (next?: string) => {
    setEditing(false);
    void navigate({ search: { version: next }, replace: true });
  };
  return (
    <Page
      title={skill.name}
      beside={!skill.is_active && <StatusBadge status="canceled" label={t.inactive} />}
      text={
        <>
          <TextLink to="/skills" underline="always">
            {t.back}
          </TextLink>{' '}
          · {t.types[skill.type] ?? skill.type} · {skill.is_platform ? t.platform : t.yours}
          {skill.description && <div>{skill.description}</div>}
        </>
      }
    >
      <Answered query={versions}>
        {(rows) => {
          if (rows.length === 0) {
            return may ? <VersionEditor skill={skill} onDone={show} /> : null;
          }
          return (
            <Stack>
              <Answered query={whole} lines={6}>
                {(shown) =>
                  editing ? (
                    <VersionEditor skill={skill} from={shown} onDone={show} onClose={() => setEditing(false)} />
                  ) : (
                    <Version skill={skill} version={shown} onEdit={may ? () => setEditing(true) : undefined} />
                  )
                }
              </Answered>
              <Card withBorder component="section">
                <Title order={2}>{t.versions}</Title>
                <Versions skill={skill} rows={rows} more={versions.more} shown={number} mayChange={may} />
              </Card>
            </Stack>
          );
        }}
      </Answered>
      {may && <SkillSettings skill={skill} />}
    </Page>
  );
}

const isFilled = (value: unknown) => typeof value === 'object' && value !== null && Object.keys(value).length > 0;

function Version({ skill, version, onEdit }: { skill: SkillView; version: SkillVersionView; onEdit?: () => void }) {
  return (
    <Card withBorder component="section" aria-label={`${t.version} ${version.semantic_version}`}>
      <Stack>
        <Title order={2}>
          {t.version} {version.semantic_version}
        </Title>
        <SimpleGrid cols={{ base: 1, lg: 2 }}>
          <Stack>
            {version.source_code !== null && (
              <CodeEditor
                key={version.id}
                label={t.source}
                language={(version.language ?? 'text') as CodeEditorProps['language']}
                value={version.source_code}
                readOnly
                height="320px"
              />
            )}
            {isFilled(version.spec) && <JsonView label={t.spec} value={version.spec} />}
            <CopyBlock
              label={t.use}
              value={`- id: ${skill.slug.replaceAll('-', '_').slice(0, 20)}\n  skill: ${skill.slug}@${version.semantic_version}\n  with: {}`}
            />
          </Stack>
          <Stack>
            {version.input_schema !== null && <JsonView label={t.inputSchema} value={version.input_schema} height={420} />}
            {version.output_schema !== null && <JsonView label={t.outputSchema} value={version.output_schema} />}
          </Stack>
        </SimpleGrid>
        {onEdit && (
          <div>
            <Button variant="default" onClick={onEdit}>
              {t.edit.begin}
            </Button>
          </div>
        )}
      </Stack>
    </Card>
  );
}
