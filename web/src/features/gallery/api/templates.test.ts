import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { strings } from '~/lib/strings';
import { renamed } from './renamed';
import { templates } from './templates';

describe('the gallery', () => {
  it('has at least twelve templates, each under a short name of its own', () => {
    expect(templates.length).toBeGreaterThanOrEqual(12);
    expect(new Set(templates.map((template) => template.slug)).size).toBe(templates.length);
  });

  it.each(templates.map((template) => [template.slug, template] as const))('%s says what it is for and has an input to try', (_, template) => {
    expect(Object.keys(strings.gallery.kinds)).toContain(template.kind);
    expect(template.name).not.toBe('');
    expect(template.description).not.toBe('');
    expect(template.sample).toBeDefined();
    expect(template.graph.nodes.length).toBeGreaterThan(0);
  });

  it.each(templates.map((template) => [template.slug, template] as const))('%s keeps all but its name when it is renamed', (_, template) => {
    const { slug, name, ...rest } = parse(renamed(template.text, 'mine', 'Mine: a "copy"'));
    const { slug: _slug, name: _name, ...former } = parse(template.text);
    expect([slug, name]).toEqual(['mine', 'Mine: a "copy"']);
    expect(rest).toEqual(former);
  });

  it('counts the steps of bodies and sees the models in them', () => {
    const translate = templates.find((template) => template.slug === 'translate-all');
    expect(translate).toMatchObject({ steps: 2, asksModel: true });
    expect(templates.find((template) => template.slug === 'score-leads')?.asksModel).toBe(false);
  });
});
