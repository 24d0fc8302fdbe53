import { Alert, Button, Group, Modal, SegmentedControl, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { CodeEditor } from '~/components/CodeEditor';
import { useAgents } from '~/lib/agents';
import { $api } from '~/lib/client';
import { slugOf } from '~/lib/format';
import { tellDone } from '~/lib/notify';
import { sentenceOf, showFaults } from '~/lib/problem';
import { refresh } from '~/lib/queries';
import { strings } from '~/lib/strings';
import { applyDefinition } from '../api/definition';
import { readDefinition } from '../api/readDefinition';

const t = strings.agents;

type Way = keyof typeof t.ways;

/** A new agent: empty, from a text, or like another. */
export function CreateAgent({ onClose, from }: { onClose: () => void; from?: string }) {
  const [way, setWay] = useState<Way>(from ? 'clone' : 'blank');
  const navigate = useNavigate();
  const done = (slug: string) => {
    tellDone(t.made);
    onClose();
    void refresh('/v1/agents');
    void navigate({ to: '/agents/$agent', params: { agent: slug } });
  };
  return (
    <Modal opened onClose={onClose} title={t.create} size="lg">
      <Stack>
        <SegmentedControl
          aria-label={t.way}
          value={way}
          onChange={(next) => setWay(next as Way)}
          data={(Object.keys(t.ways) as Way[]).map((value) => ({ value, label: t.ways[value] }))}
        />
        {way === 'blank' && <Blank onDone={done} />}
        {way === 'yaml' && <FromYaml onDone={done} />}
        {way === 'clone' && <Clone onDone={done} from={from} />}
      </Stack>
    </Modal>
  );
}

const begin = { nodes: [{ id: 'start', skill: 'transform', with: { received: '=input' } }], edges: [], output: { received: '=start.received' } };

function Problem({ text }: { text: string | null }) {
  return text ? (
    <Alert color="red" variant="outline" role="alert">
      {text}
    </Alert>
  ) : null;
}

function useNamed(initial = { name: '', slug: '', description: '' }) {
  const form = useForm({ initialValues: initial });
  const setName = (name: string) => {
    if (form.values.slug === slugOf(form.values.name)) {
      form.setFieldValue('slug', slugOf(name));
    }
    form.setFieldValue('name', name);
  };
  return { form, setName };
}

function Blank({ onDone }: { onDone: (slug: string) => void }) {
  const [problem, setProblem] = useState<string | null>(null);
  const { form, setName } = useNamed();
  const create = $api.useMutation('post', '/v1/agents', {
    onSuccess: (made) => onDone(made.slug),
    onError: (error) => setProblem(showFaults(form, error, ['name', 'slug', 'description'])),
  });
  return (
    <form
      onSubmit={form.onSubmit(({ name, slug, description }) => {
        setProblem(null);
        create.mutate({ body: { name, slug, description: description || null, graph: begin } });
      })}
    >
      <Stack>
        <Text c="dimmed">{t.blankText}</Text>
        <Problem text={problem} />
        <TextInput label={t.name} required data-autofocus {...form.getInputProps('name')} onChange={(event) => setName(event.currentTarget.value)} />
        <TextInput label={t.slug} description={t.slugHint} required {...form.getInputProps('slug')} />
        <Textarea label={t.description} autosize minRows={2} {...form.getInputProps('description')} />
        <Group justify="flex-end">
          <Button type="submit" loading={create.isPending}>
            {t.create}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const example = `slug: hello
name: Say hello
input_schema:
  type: object
  properties:
    name: { type: string }
graph:
  nodes:
    - id: greet
      skill: transform
      with: { text: "Hello {{input.name}}" }
  edges: []
  output: { text: "=greet.text" }
`;

function FromYaml({ onDone }: { onDone: (slug: string) => void }) {
  const [text, setText] = useState(example);
  const [problem, setProblem] = useState<string | null>(null);
  const apply = useMutation({
    mutationFn: ({ slug }: { slug: string }) => applyDefinition(slug, text),
    onSuccess: ({ agent }) => onDone(agent.slug),
    onError: (error) => setProblem(sentenceOf(error)),
  });
  return (
    <Stack>
      <Text c="dimmed">{t.yamlText}</Text>
      <CodeEditor label={t.yaml} language="yaml" value={text} onChange={setText} height="340px" error={problem} />
      <Group justify="flex-end">
        <Button
          loading={apply.isPending}
          onClick={() => {
            const read = readDefinition(text);
            if ('problem' in read) {
              setProblem(read.problem);
            } else {
              setProblem(null);
              apply.mutate(read);
            }
          }}
        >
          {t.create}
        </Button>
      </Group>
    </Stack>
  );
}

function Clone({ onDone, from }: { onDone: (slug: string) => void; from?: string }) {
  const { items } = useAgents();
  const [source, setSource] = useState<string | null>(from ?? null);
  const [problem, setProblem] = useState<string | null>(null);
  const { form, setName } = useNamed();
  const clone = $api.useMutation('post', '/v1/agents/{agent}/clone', {
    onSuccess: (made) => onDone(made.slug),
    onError: (error) => setProblem(showFaults(form, error, ['name', 'slug'])),
  });
  return (
    <form
      onSubmit={form.onSubmit(({ name, slug }) => {
        setProblem(source ? null : t.pickAgent);
        if (source) {
          clone.mutate({ params: { path: { agent: source } }, body: { name, slug } });
        }
      })}
    >
      <Stack>
        <Text c="dimmed">{t.cloneText}</Text>
        <Problem text={problem} />
        <Select
          label={t.cloneOf}
          required
          searchable
          data={items.map((agent) => ({ value: agent.slug, label: agent.name }))}
          value={source}
          onChange={setSource}
        />
        <TextInput label={t.name} required {...form.getInputProps('name')} onChange={(event) => setName(event.currentTarget.value)} />
        <TextInput label={t.slug} description={t.slugHint} required {...form.getInputProps('slug')} />
        <Group justify="flex-end">
          <Button type="submit" loading={clone.isPending}>
            {t.clone}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
