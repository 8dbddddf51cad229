// The documents that describe the demo target (OpenAPI 3.1), made of what each route says of itself, so that they and the
// routes cannot differ.
import type { Route } from './routing-table.ts';

/** A JSON schema, or any other piece of a document. */
export type Schema = Readonly<Record<string, unknown>>;

export interface Operation {
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly Schema[];
  readonly requestBody?: Schema;
  readonly responses: Readonly<Record<string, Schema>>;
  readonly security?: readonly Schema[];
}

export interface Description {
  readonly title: string;
  /** Where the paths are; it is taken off them. */
  readonly prefix: string;
  readonly schemas: Readonly<Record<string, Schema>>;
  readonly securitySchemes: Readonly<Record<string, Schema>>;
}

/** The document that describes these routes; those that say nothing of themselves are left out. */
export const describeRoutes = (routes: readonly Route[], { title, prefix, ...components }: Description): object => {
  const paths: Record<string, Record<string, object>> = {};
  for (const { method, path, operation } of routes) {
    if (!operation) continue;
    const { parameters = [], ...rest } = operation;
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
    const undescribed = inPath.filter((name) => !parameters.some((parameter) => parameter.name === name));
    const all = [...undescribed.map((name) => pathParameter(name, { type: 'string' })), ...parameters];
    const shown = path.slice(prefix.length);
    paths[shown] = {
      ...paths[shown],
      [method.toLowerCase()]: {
        ...rest,
        operationId: operationId(method, path),
        ...(all.length > 0 ? { parameters: all } : {}),
      },
    };
  }
  return {
    openapi: '3.1.0',
    info: { title, version: '1.0.0' },
    ...(prefix === '' ? {} : { servers: [{ url: prefix }] }),
    paths,
    components,
  };
};

const operationId = (method: string, path: string): string =>
  `${method.toLowerCase()}${path.replaceAll(/[^A-Za-z0-9]+/g, '_').replace(/_$/, '')}`;

export const pathParameter = (name: string, schema: Schema): Schema => ({ name, in: 'path', required: true, schema });

export const queryParameter = (name: string, schema: Schema): Schema => ({
  name,
  in: 'query',
  required: false,
  schema,
});

export const jsonBody = (schema: Schema, required = true): Schema => ({
  required,
  content: { 'application/json': { schema } },
});

export const multipartBody = (schema: Schema): Schema => ({
  required: true,
  content: { 'multipart/form-data': { schema } },
});

export const ok = (status: number, schema: Schema): Readonly<Record<string, Schema>> => ({
  [status]: { description: 'Successful Response', content: { 'application/json': { schema } } },
});

export const failure = (status: number, description: string): Readonly<Record<string, Schema>> => ({
  [status]: {
    description,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
  },
});

export const errorSchema: Schema = {
  title: 'Error',
  type: 'object',
  required: ['error'],
  properties: { error: { type: 'string' } },
};
