import { Alert, Button, Card, Group, Select, SimpleGrid, Stack, Switch, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { CodeEditor, type CodeEditorProps } from '~/components/CodeEditor';
import type { SkillVersionView, SkillView } from '~/generated/api';
import { $api } from '~/lib/client';
import { tellDone } from '~/lib/notify';
import { problemOf, sentenceOf } from '~/lib/problem';
import { refresh } from '~/lib/queries';
import { strings } from '~/lib/strings';
import { type Draft, draftOf, readDraft } from '../api/draft';
import { isSample, samples } from '../api/samples';
import { TestRun } from './TestRun';

const t = strings.skills.edit;
const languages = [
  { value: 'javascript', label: 'JavaScript' },
  { value: 'typescript', label: 'TypeScript' },
  { value: 'python', label: 'Python' },
];

interface VersionEditorProps {
  skill: SkillView;
  from?: SkillVersionView;
  onDone: (version: string) => void;
  onClose?: () => void;
}

export function VersionEditor({ skill, from, onDone, onClose }: VersionEditorProps) {
  const isCode = skill.type === 'code';
  const [draft, setDraft] = useState(() => draftOf(skill.type, from));
  const [problem, setProblem] = useState<string | null>(null);
  const set = (change: Partial<Draft>) => setDraft((former) => ({ ...former, ...change }));
  const make = $api.useMutation('post', '/v1/skills/{skill}/versions', {
    onSuccess: ({ semantic_version }) => {
      tellDone(t.made(semantic_version));
      void refresh('/v1/skills');
      onDone(semantic_version);
    },
    onError: (error) => {
      const faults = problemOf(error).errors ?? [];
      setProblem(faults.length > 0 ? faults.map((fault) => `${fault.pointer}: ${fault.message}`).join('\n') : sentenceOf(error));
    },
  });
  const publish = () => {
    setProblem(null);
    const read = readDraft(draft, isCode);
    if ('bad' in read) {
      setProblem(t.badJson(read.bad === 'spec' ? t.spec : t.inputSchema));
    } else {
      make.mutate({ params: { path: { skill: skill.slug } }, body: read.body });
    }
  };
  return (
    <Card withBorder component="section" aria-label={t.title}>
      <Stack>
        <Title order={2}>{t.title}</Title>
        {problem && (
          <Alert color="red" variant="outline" role="alert" style={{ whiteSpace: 'pre-line' }}>
            {problem}
          </Alert>
        )}
        <SimpleGrid cols={isCode ? { base: 1, lg: 2 } : 1}>
          <Stack>
            {isCode && (
              <>
                <Select
                  label={t.language}
                  allowDeselect={false}
                  maw={220}
                  data={languages}
                  value={draft.language}
                  onChange={(next) => next && set({ language: next, ...(isSample(draft.source) ? { source: samples[next] ?? '' } : {}) })}
                />
                <CodeEditor
                  key={draft.language}
                  label={t.source}
                  language={draft.language as CodeEditorProps['language']}
                  value={draft.source}
                  onChange={(source) => set({ source })}
                  height="360px"
                />
              </>
            )}
            <CodeEditor label={t.inputSchema} language="json" value={draft.input_schema} onChange={(input_schema) => set({ input_schema })} height="150px" />
            <CodeEditor
              label={t.spec}
              description={isCode ? t.specHint.code : t.specHint.other}
              language="json"
              value={draft.spec}
              onChange={(spec) => set({ spec })}
              height={isCode ? '90px' : '220px'}
            />
          </Stack>
          {isCode && <TestRun draft={draft} />}
        </SimpleGrid>
        <Group align="flex-end">
          <TextInput
            label={t.changelog}
            value={draft.changelog}
            onChange={(event) => set({ changelog: event.currentTarget.value })}
            style={{ flex: '1 1 260px' }}
          />
          <TextInput
            label={t.number}
            placeholder={t.numberHint}
            value={draft.semantic_version}
            onChange={(event) => set({ semantic_version: event.currentTarget.value })}
          />
        </Group>
        <Group justify="space-between">
          <Switch label={t.draft} checked={draft.is_draft} onChange={(event) => set({ is_draft: event.currentTarget.checked })} />
          <Group>
            {onClose && (
              <Button variant="default" onClick={onClose}>
                {strings.common.cancel}
              </Button>
            )}
            <Button loading={make.isPending} onClick={publish}>
              {t.publish}
            </Button>
          </Group>
        </Group>
      </Stack>
    </Card>
  );
}
