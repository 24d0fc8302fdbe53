import { ActionIcon, Autocomplete, Box, Button, Group, JsonInput, Stack, Text, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { json } from '~/lib/format';
import { asSchema, type Schema, typeOf } from '~/lib/schema';
import { strings } from '~/lib/strings';
import classes from './Builder.module.css';
import { ExpressionField } from './ExpressionField';

const t = strings.builder;

interface SchemaFormProps {
  schema: Schema;
  value: Record<string, unknown>;
  onChange: (value: Record<string, unknown>, member: string) => void;
  readOnly: boolean;
}

/** A field for each member that a skill takes. Every field also takes an expression or a template. */
export function SchemaForm({ schema, value, onChange, readOnly }: SchemaFormProps) {
  const set = (name: string, member: unknown) => {
    const next = { ...value };
    if (member === undefined) {
      delete next[name];
    } else {
      next[name] = member;
    }
    onChange(next, name);
  };
  const members = Object.entries(schema.properties ?? {});
  const required = new Set(schema.required);
  const isOpen = takesMore(schema);
  const extras = Object.keys(value).filter((name) => !Object.hasOwn(schema.properties ?? {}, name));
  members.sort(([a], [b]) => Number(required.has(b)) - Number(required.has(a)));
  return (
    <Stack gap="sm" className={classes.mono}>
      {members.map(([name, member]) => (
        <Member
          key={name}
          name={name}
          schema={asSchema(member)}
          isRequired={required.has(name)}
          value={value[name]}
          onChange={(next) => set(name, next)}
          readOnly={readOnly}
        />
      ))}
      {extras.map((name) => (
        <Group key={name} gap={4} wrap="nowrap" align="flex-start">
          <Box flex={1} miw={0}>
            <Member name={name} schema={{}} isRequired={false} value={value[name]} onChange={(next) => set(name, next ?? '')} readOnly={readOnly} />
          </Box>
          {!readOnly && (
            <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t.removeMember(name)} onClick={() => set(name, undefined)}>
              <IconX size={14} />
            </ActionIcon>
          )}
        </Group>
      ))}
      {isOpen && !readOnly && <AddMember taken={value} onAdd={(name) => set(name, '')} />}
      <Text size="xs" c="dimmed">
        {t.expressionHint}
      </Text>
    </Stack>
  );
}

/** Whether a skill takes members that its schema does not name, as a transform does. */
export const takesMore = (schema: Schema) => schema.additionalProperties !== false;

function AddMember({ taken, onAdd }: { taken: Record<string, unknown>; onAdd: (name: string) => void }) {
  const [name, setName] = useState('');
  const add = () => {
    if (name !== '' && !Object.hasOwn(taken, name)) {
      onAdd(name);
      setName('');
    }
  };
  return (
    <Group gap={4} wrap="nowrap">
      <TextInput
        size="xs"
        flex={1}
        aria-label={t.memberName}
        placeholder={t.memberName}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Enter' && add()}
      />
      <Button size="xs" variant="default" onClick={add}>
        {t.addMember}
      </Button>
    </Group>
  );
}

interface MemberProps {
  name: string;
  schema: Schema;
  isRequired: boolean;
  value: unknown;
  onChange: (value: unknown) => void;
  readOnly: boolean;
}

const isExpression = (value: unknown) => typeof value === 'string' && (value.startsWith('=') || value.includes('{{'));

function Member({ name, schema, isRequired, value, onChange, readOnly }: MemberProps) {
  const type = typeOf(schema);
  const shared = { label: schema.title ?? name, description: schema.description, required: isRequired, readOnly, size: 'xs' as const };
  const placeholder = schema.default === undefined ? undefined : typeof schema.default === 'string' ? schema.default : json(schema.default);
  const text = value === undefined ? '' : typeof value === 'string' ? value : json(value);
  const choices = schema.enum?.filter((choice) => typeof choice === 'string') ?? (type === 'boolean' ? ['true', 'false'] : null);
  if (choices && !isExpression(value)) {
    return <Autocomplete {...shared} placeholder={placeholder} data={choices} value={text} onChange={(next) => onChange(scalar(next, type))} />;
  }
  if ((type === 'integer' || type === 'number') && !isExpression(value)) {
    return (
      <TextInput
        {...shared}
        placeholder={placeholder}
        inputMode="decimal"
        value={text}
        onChange={(event) => onChange(scalar(event.currentTarget.value, type))}
      />
    );
  }
  if (type === 'string' || typeof value === 'string') {
    return (
      <ExpressionField
        label={shared.label}
        description={shared.description}
        required={isRequired}
        placeholder={placeholder}
        value={text}
        readOnly={readOnly}
        onChange={(next) => onChange(next || undefined)}
      />
    );
  }
  return <JsonMember key={name} shared={shared} placeholder={placeholder} value={value} onChange={onChange} />;
}

/** A number or a truth value where the text is one; whatever else is typed stays a text, such as an expression. */
function scalar(text: string, type: string | undefined): unknown {
  if (text === '') {
    return undefined;
  }
  if (type === 'boolean') {
    return text === 'true' ? true : text === 'false' ? false : text;
  }
  const number = Number(text);
  return (type === 'integer' || type === 'number') && text.trim() !== '' && Number.isFinite(number) ? number : text;
}

function JsonMember({
  shared,
  placeholder,
  value,
  onChange,
}: {
  shared: object;
  placeholder: string | undefined;
  value: unknown;
  onChange: (value: unknown) => void;
}) {
  const told = value === undefined ? '' : typeof value === 'string' ? value : json(value);
  const [typed, setTyped] = useState<string | null>(null);
  const [isBad, setIsBad] = useState(false);
  const leave = () => {
    if (typed === null) {
      return;
    }
    try {
      onChange(typed.trim() === '' ? undefined : isExpression(typed.trim()) ? typed.trim() : JSON.parse(typed));
      setTyped(null);
      setIsBad(false);
    } catch {
      // A bare word is a text; what begins like JSON and is none is a slip.
      if (/^[[{"]/.test(typed.trim())) {
        setIsBad(true);
      } else {
        onChange(typed);
        setTyped(null);
        setIsBad(false);
      }
    }
  };
  return (
    <JsonInput
      {...shared}
      placeholder={placeholder}
      autosize
      maxRows={14}
      value={typed ?? told}
      onChange={setTyped}
      onBlur={leave}
      error={isBad ? t.badJson : null}
    />
  );
}
