import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import type { Schema } from '~/lib/schema';
import { SchemaForm } from './SchemaForm';

const show = (schema: Schema, value: Record<string, unknown>) => {
  const onChange = vi.fn();
  render(
    <MantineProvider>
      <SchemaForm schema={schema} value={value} onChange={onChange} readOnly={false} />
    </MantineProvider>,
  );
  return onChange;
};

it('shows members that the schema does not name, takes them away and takes more', async () => {
  const onChange = show({ properties: { n: { type: 'integer' } } }, { n: 1, list: [1, 2] });
  await userEvent.type(screen.getByRole('textbox', { name: 'Name of a member' }), 'more{Enter}');
  expect(onChange).toHaveBeenLastCalledWith({ n: 1, list: [1, 2], more: '' }, 'more');
  await userEvent.click(screen.getByRole('button', { name: 'Take list away' }));
  expect(onChange).toHaveBeenLastCalledWith({ n: 1 }, 'list');
});

it('takes no more where the schema says so', () => {
  show({ properties: { n: { type: 'integer' } }, additionalProperties: false }, { n: 1 });
  expect(screen.queryByRole('textbox', { name: 'Name of a member' })).toBeNull();
});
