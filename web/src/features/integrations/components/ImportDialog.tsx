import { Alert, Button, Checkbox, Code, FileButton, Group, Modal, ScrollArea, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { CodeEditor } from '~/components/CodeEditor';
import type { ImportedIntegration } from '~/generated/api';
import { $api } from '~/lib/client';
import { slugOf } from '~/lib/format';
import { tellDone } from '~/lib/notify';
import { sentenceOf } from '~/lib/problem';
import { refresh } from '~/lib/queries';
import { strings } from '~/lib/strings';
import { readDocument, titleOf } from '../api/document';

const t = strings.integrations.dialog;

/** Two steps: the document, then what of it becomes skills. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const [slug, setSlug] = useState('');
  const [base, setBase] = useState('');
  const [found, setFound] = useState<ImportedIntegration | null>(null);
  const [chosen, setChosen] = useState<string[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const failed = (error: unknown) => setProblem(sentenceOf(error));
  const look = $api.useMutation('post', '/v1/integrations/import', {
    onSuccess: (answer) => {
      setFound(answer);
      setChosen(answer.operations.filter((operation) => !operation.problem).map((operation) => operation.id));
    },
    onError: failed,
  });
  const make = $api.useMutation('post', '/v1/integrations/import', {
    onSuccess: (answer) => {
      tellDone(t.made(answer.operations.length));
      onClose();
      return refresh('/v1/integrations', '/v1/skills');
    },
    onError: failed,
  });
  const document = readDocument(text);
  const read = (next: string) => {
    setText(next);
    const title = titleOf(readDocument(next) ?? {});
    if (title && !slug) {
      setSlug(slugOf(title).slice(0, 32));
    }
  };
  const body = { slug, document: document ?? {}, base_url: base || null };
  return (
    <Modal opened onClose={onClose} title={t.title} size="xl">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setProblem(null);
          if (!document) {
            setProblem(t.badDocument);
          } else if (!found) {
            look.mutate({ body: { ...body, preview: true } });
          } else if (chosen.length === 0) {
            setProblem(t.none);
          } else {
            make.mutate({ body: { ...body, operations: chosen } });
          }
        }}
      >
        <Stack>
          <Text c="dimmed">{t.text}</Text>
          {problem && (
            <Alert color="red" variant="outline" role="alert">
              {problem}
            </Alert>
          )}
          {found ? (
            <Checkbox.Group label={t.operations} description={t.chosen(chosen.length)} value={chosen} onChange={setChosen}>
              <ScrollArea.Autosize mah={360} type="auto" viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': t.operations }}>
                <Stack gap="xs" pt="xs">
                  {found.operations.map((operation) => (
                    <Checkbox
                      key={operation.id}
                      value={operation.id}
                      disabled={operation.problem !== null}
                      label={
                        <>
                          <Code>
                            {operation.method} {operation.path}
                          </Code>{' '}
                          {operation.summary}
                        </>
                      }
                      description={operation.problem ? `${t.unfit}: ${operation.problem}` : t.skill(operation.skill)}
                    />
                  ))}
                </Stack>
              </ScrollArea.Autosize>
            </Checkbox.Group>
          ) : (
            <>
              <Group justify="flex-end">
                <FileButton accept=".json,.yaml,.yml" onChange={(file) => void file?.text().then(read)}>
                  {(props) => (
                    <Button variant="default" size="xs" {...props}>
                      {t.file}
                    </Button>
                  )}
                </FileButton>
              </Group>
              <CodeEditor label={t.document} language="yaml" value={text} onChange={read} height="260px" />
              <TextInput label={t.slug} description={t.slugHint} required value={slug} onChange={(event) => setSlug(event.currentTarget.value)} />
              <TextInput label={t.base} description={t.baseHint} type="url" value={base} onChange={(event) => setBase(event.currentTarget.value)} />
            </>
          )}
          <Group justify="flex-end">
            {found && (
              <Button variant="default" onClick={() => setFound(null)}>
                {t.back}
              </Button>
            )}
            <Button type="submit" loading={look.isPending || make.isPending}>
              {found ? t.make : t.look}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
