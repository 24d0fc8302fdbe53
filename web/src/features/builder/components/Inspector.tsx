import { Accordion, Alert, Button, Group, MultiSelect, ScrollArea, SegmentedControl, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { CodeEditor } from '~/components/CodeEditor';
import { Loading } from '~/components/states';
import { json } from '~/lib/format';
import { type Graph, type GraphNode, skillSlug } from '~/lib/graph';
import { asSchema } from '~/lib/schema';
import { strings } from '~/lib/strings';
import { changeEdge, changeNode, connect, edgeKey, isFreeId, leadingTo, type PlacedFault, removeEdges, removeNodes, rename } from '../api/document';
import { useSkillSchema } from '../api/useSkills';
import { ExpressionField } from './ExpressionField';
import { SchemaForm, takesMore } from './SchemaForm';

const t = strings.builder;

interface InspectorProps {
  graph: Graph;
  node: GraphNode;
  problems: readonly PlacedFault[];
  readOnly: boolean;
  onChange: (graph: Graph, merge?: string) => void;
  onChoose: (id: string | null) => void;
}

const choices = (words: Record<string, string>) => Object.entries(words).map(([value, label]) => ({ value, label }));

/** Everything about one node. */
export function Inspector({ graph, node, problems, readOnly, onChange, onChoose }: InspectorProps) {
  const set = (member: keyof GraphNode & string, value: unknown) => onChange(changeNode(graph, node.id, { [member]: value }), `${node.id}.${member}`);
  const own = problems.filter((fault) => fault.node === node.id);
  return (
    <ScrollArea h="100%" type="auto" viewportProps={{ tabIndex: 0 }}>
      <Stack gap="sm" pr="xs">
        <Group justify="space-between">
          <Title order={2}>{node.name ?? node.id}</Title>
          <Text c="dimmed">{node.skill}</Text>
        </Group>
        {own.length > 0 && (
          <Alert color="red" variant="outline" p="xs">
            {own.map((fault) => (
              <Text key={`${fault.pointer}${fault.code}`} size="sm">
                {fault.message}
              </Text>
            ))}
          </Alert>
        )}
        <Arguments
          key={node.id}
          node={node}
          readOnly={readOnly}
          onChange={(args, member) =>
            onChange(changeNode(graph, node.id, { with: Object.keys(args).length > 0 ? args : undefined }), `${node.id}.with.${member}`)
          }
        />
        <Next graph={graph} node={node} readOnly={readOnly} onChange={onChange} />
        <Accordion variant="separated" chevronPosition="left">
          <Accordion.Item value="more">
            <Accordion.Control>{t.more}</Accordion.Control>
            <Accordion.Panel>
              <Stack gap="sm">
                <IdField
                  key={node.id}
                  graph={graph}
                  id={node.id}
                  readOnly={readOnly}
                  onRename={(id) => {
                    onChange(rename(graph, node.id, id));
                    onChoose(id);
                  }}
                />
                <TextInput size="xs" label={t.name} value={node.name ?? ''} readOnly={readOnly} onChange={(event) => set('name', event.currentTarget.value)} />
                <TextInput
                  size="xs"
                  label={t.credential}
                  description={t.credentialHint}
                  value={node.credential ?? ''}
                  readOnly={readOnly}
                  onChange={(event) => set('credential', event.currentTarget.value)}
                />
                <TextInput
                  size="xs"
                  label={t.timeout}
                  description={t.timeoutHint}
                  value={String(node.timeout ?? '')}
                  readOnly={readOnly}
                  onChange={(event) => set('timeout', event.currentTarget.value)}
                />
                <Select
                  size="xs"
                  label={t.onError}
                  data={choices(t.onErrors)}
                  value={typeof node.on_error === 'string' ? node.on_error : node.on_error === undefined ? 'fail' : null}
                  readOnly={readOnly}
                  onChange={(value) => set('on_error', value === 'fail' ? undefined : value)}
                />
                <Select
                  size="xs"
                  label={t.join}
                  data={choices(t.joins)}
                  value={node.join ?? 'all'}
                  allowDeselect={false}
                  readOnly={readOnly}
                  onChange={(value) => set('join', value === 'all' ? undefined : value)}
                />
              </Stack>
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
        {!readOnly && (
          <Button
            variant="default"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => {
              onChange(removeNodes(graph, new Set([node.id])));
              onChoose(null);
            }}
          >
            {t.remove}
          </Button>
        )}
      </Stack>
    </ScrollArea>
  );
}

interface ArgumentsProps {
  node: GraphNode;
  readOnly: boolean;
  onChange: (args: Record<string, unknown>, member: string) => void;
}

function Arguments({ node, readOnly, onChange }: ArgumentsProps) {
  const version = useSkillSchema(node.skill);
  const schema = asSchema(version.data?.input_schema);
  const hasForm = Object.keys(schema.properties ?? {}).length > 0 || takesMore(schema);
  const [way, setWay] = useState<'form' | 'json'>('form');
  if (version.isLoading) {
    return <Loading lines={4} />;
  }
  return (
    <>
      {hasForm && (
        <SegmentedControl
          size="xs"
          aria-label={t.arguments}
          value={way}
          onChange={(next) => setWay(next as 'form' | 'json')}
          data={[
            { value: 'form', label: t.asForm },
            { value: 'json', label: t.asJson },
          ]}
        />
      )}
      {hasForm && way === 'form' ? (
        <SchemaForm schema={schema} value={node.with ?? {}} onChange={onChange} readOnly={readOnly} />
      ) : (
        <Raw node={node} readOnly={readOnly} onChange={onChange} />
      )}
    </>
  );
}

function Raw({ node, readOnly, onChange }: ArgumentsProps) {
  const told = json(node.with ?? {});
  const [typed, setTyped] = useState<{ text: string; for: string } | null>(null);
  const [isBad, setIsBad] = useState(false);
  return (
    <CodeEditor
      label={t.argumentsJson}
      description={t.expressionHint}
      language="json"
      height="260px"
      readOnly={readOnly}
      // What is typed stays as it is typed for as long as it means what the node holds.
      value={typed && (isBad || typed.for === told) ? typed.text : told}
      error={isBad ? t.badJson : null}
      onChange={(text) => {
        try {
          const value: unknown = JSON.parse(text);
          if (typeof value !== 'object' || value === null || Array.isArray(value)) {
            throw new SyntaxError();
          }
          setIsBad(false);
          setTyped({ text, for: json(value) });
          onChange(value as Record<string, unknown>, 'json');
        } catch {
          setIsBad(true);
          setTyped({ text, for: told });
        }
      }}
    />
  );
}

function IdField({ graph, id, readOnly, onRename }: { graph: Graph; id: string; readOnly: boolean; onRename: (id: string) => void }) {
  const [typed, setTyped] = useState(id);
  const isGood = typed === id || isFreeId(graph, typed);
  return (
    <TextInput
      size="xs"
      label={t.id}
      description={t.idHint}
      value={typed}
      readOnly={readOnly}
      error={isGood ? null : t.idBad}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={() => isGood && typed !== id && onRename(typed)}
    />
  );
}

/** Where the graph goes from here: the way to connect without a mouse, and the place of conditions. */
function Next({ graph, node, readOnly, onChange }: Pick<InspectorProps, 'graph' | 'node' | 'readOnly' | 'onChange'>) {
  const out = graph.edges.filter((edge) => edge.from === node.id);
  const isSwitch = skillSlug(node.skill) === 'switch';
  const before = useMemo(() => leadingTo(graph.edges, node.id), [graph.edges, node.id]);
  const possible = graph.nodes.filter((other) => !before.has(other.id));
  const choose = (ids: string[]) => {
    let next = removeEdges(graph, new Set(out.filter((edge) => !ids.includes(edge.to)).map(edgeKey)));
    for (const id of ids.filter((one) => !out.some((edge) => edge.to === one))) {
      const connected = connect(next, node.id, id);
      next = typeof connected === 'string' ? next : connected;
    }
    onChange(next);
  };
  return (
    <Stack gap="xs">
      <MultiSelect
        size="xs"
        label={t.next}
        data={possible.map((other) => other.id)}
        // Its list is there only while it is open: of a large graph it is hundreds of entries, and everything here is drawn anew with each key.
        comboboxProps={{ keepMounted: false }}
        value={[...new Set(out.map((edge) => edge.to))]}
        readOnly={readOnly}
        onChange={choose}
        searchable
      />
      {out.map((edge, i) =>
        isSwitch ? (
          <TextInput
            // biome-ignore lint/suspicious/noArrayIndexKey: the edge's own key changes while its case is typed
            key={i}
            size="xs"
            label={t.caseOf(edge.to)}
            value={edge.case ?? ''}
            readOnly={readOnly}
            onChange={(event) => onChange(changeEdge(graph, edgeKey(edge), { case: event.currentTarget.value }), `${node.id}.edge.${i}`)}
          />
        ) : (
          <ExpressionField
            // biome-ignore lint/suspicious/noArrayIndexKey: as above
            key={i}
            label={t.condition(edge.to)}
            description={t.conditionHint}
            mode="condition"
            value={edge.when ?? ''}
            readOnly={readOnly}
            onChange={(when) => onChange(changeEdge(graph, edgeKey(edge), { when }), `${node.id}.edge.${i}`)}
          />
        ),
      )}
    </Stack>
  );
}
