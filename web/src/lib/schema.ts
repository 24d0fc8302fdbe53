/** A JSON Schema as far as the page reads it. */
export interface Schema {
  type?: string | string[];
  title?: string;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  examples?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  format?: string;
  minimum?: number;
  maximum?: number;
  additionalProperties?: boolean | Schema;
  [more: string]: unknown;
}

export const asSchema = (value: unknown): Schema => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Schema) : {});

export const typeOf = (schema: Schema) => (Array.isArray(schema.type) ? schema.type.find((type) => type !== 'null') : schema.type);

/** Something of the schema's shape to begin with: what it gives as example or default, else the required members with empty values. */
export function exampleOf(value: unknown, depth = 0): unknown {
  const schema = asSchema(value);
  const given = schema.default ?? schema.examples?.[0] ?? schema.const ?? schema.enum?.[0];
  if (given !== undefined || depth > 6) {
    return given;
  }
  switch (typeOf(schema)) {
    case 'object': {
      const wanted = Object.entries(schema.properties ?? {}).filter(([name]) => schema.required?.includes(name) ?? false);
      return Object.fromEntries(wanted.map(([name, member]) => [name, exampleOf(member, depth + 1) ?? null]));
    }
    case 'array':
      return schema.items && Number(schema.minItems ?? 0) > 0 ? [exampleOf(schema.items, depth + 1) ?? null] : [];
    case 'string':
      return '';
    case 'integer':
    case 'number':
      return schema.minimum ?? 0;
    case 'boolean':
      return false;
    default:
      return undefined;
  }
}
