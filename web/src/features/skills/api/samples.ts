/** What an empty editor begins with, in each language. */
export const samples: Record<string, string> = {
  javascript: `/** What this gives is the node's result; it may be async. */
export function main(input, ctx) {
  console.log('run', ctx.run_id);
  return { greeting: \`Hello \${input.name}\` };
}
`,
  typescript: `interface Input {
  name: string;
}

/** What this gives is the node's result; it may be async. */
export function main(input: Input) {
  return { greeting: \`Hello \${input.name}\` };
}
`,
  python: `def main(input, ctx):
    """What this gives is the node's result; it may be async."""
    print("run", ctx.run_id)
    return {"greeting": f"Hello {input['name']}"}
`,
};

export const sampleSchema = { type: 'object', required: ['name'], properties: { name: { type: 'string', examples: ['Kim'] } } };

export const isSample = (source: string) => source.trim() === '' || Object.values(samples).includes(source);
