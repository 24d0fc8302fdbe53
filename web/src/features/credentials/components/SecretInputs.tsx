import { PasswordInput, TextInput } from '@mantine/core';
import { strings } from '~/lib/strings';
import { isOpen } from '../api/secret';

const labels = strings.credentials.fields as Record<string, string>;

interface SecretInputsProps {
  parts: readonly string[];
  values: Record<string, string>;
  onChange: (part: string, value: string) => void;
}

/** One field for each part; what nobody may see is not shown, and no browser keeps it. */
export function SecretInputs({ parts, values, onChange }: SecretInputsProps) {
  return parts.map((part) => {
    const Input = isOpen(part) ? TextInput : PasswordInput;
    return (
      <Input
        key={part}
        label={labels[part] ?? part}
        required
        autoComplete="off"
        spellCheck={false}
        value={values[part] ?? ''}
        onChange={(event) => onChange(part, event.currentTarget.value)}
      />
    );
  });
}
