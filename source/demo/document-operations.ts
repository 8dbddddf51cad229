// What the documents application says of its routes, for the document that describes it.
import {
  failure,
  jsonBody,
  multipartBody,
  type Operation,
  ok,
  pathParameter,
  queryParameter,
  type Schema,
} from './openapi.ts';

/** Where the application is mounted. */
export const documentsPrefix = '/api/v1/documents';

const reference = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const uuid: Schema = { type: 'string', format: 'uuid' };
const sessionId = pathParameter('id', uuid);
const tags = ['documents'];
const noSession = failure(404, 'there is no such session');
const gone = { 204: { description: 'Successful Response' } };

/** Components of the document. */
export const documentSchemas: Readonly<Record<string, Schema>> = {
  Document: {
    title: 'Document',
    type: 'object',
    required: ['id', 'filename', 'bytes'],
    properties: { id: uuid, filename: { type: 'string' }, bytes: { type: 'integer' } },
  },
  Session: {
    title: 'Session',
    type: 'object',
    required: ['id', 'created_at', 'documents'],
    properties: {
      id: uuid,
      created_at: { type: 'string', format: 'date-time' },
      documents: { type: 'array', items: reference('Document') },
    },
  },
  NewSession: {
    title: 'NewSession',
    type: 'object',
    properties: { name: { type: 'string' }, email: { type: 'string', format: 'email' } },
  },
  Documents: {
    title: 'Documents',
    type: 'object',
    required: ['documents'],
    properties: { documents: { type: 'array', items: reference('Document') } },
  },
};

const health: Operation = {
  summary: 'How the documents are',
  tags,
  responses: ok(200, {
    type: 'object',
    required: ['status', 'sessions'],
    properties: { status: { type: 'string' }, sessions: { type: 'integer' } },
  }),
};
const info: Operation = {
  summary: 'What the documents can do',
  tags,
  responses: ok(200, {
    type: 'object',
    required: ['name', 'version', 'session_limit'],
    properties: { name: { type: 'string' }, version: { type: 'string' }, session_limit: { type: 'integer' } },
  }),
};
const list: Operation = {
  summary: 'Documents of all sessions',
  tags,
  parameters: [queryParameter('limit', { type: 'integer', minimum: 1, maximum: 100, default: 20 })],
  responses: { ...ok(200, reference('Documents')), ...failure(400, 'the limit is no whole number from 1 to 100') },
};
const create: Operation = {
  summary: 'Open a session',
  tags,
  requestBody: jsonBody(reference('NewSession'), false),
  responses: {
    ...ok(201, reference('Session')),
    ...failure(400, 'a body that is no session'),
    ...failure(503, 'no room for another session'),
  },
};
const upload: Operation = {
  summary: 'Add documents to a session',
  tags,
  parameters: [sessionId],
  requestBody: multipartBody({
    type: 'object',
    required: ['file'],
    properties: { file: { type: 'string', format: 'binary' } },
  }),
  responses: {
    ...ok(201, reference('Documents')),
    ...failure(400, 'no multipart body, or no file in it'),
    ...noSession,
    ...failure(409, 'no room for more documents in the session'),
  },
};
const one = (summary: string, responses: Operation['responses']): Operation => ({
  summary,
  tags,
  parameters: [sessionId],
  responses: { ...responses, ...noSession },
});
const removeDocument: Operation = {
  summary: 'Delete a document',
  tags,
  parameters: [sessionId, pathParameter('document_id', uuid)],
  responses: { ...gone, ...noSession },
};

export const documentOperations = {
  health,
  info,
  list,
  create,
  upload,
  removeDocument,
  read: one('A session with its documents', ok(200, reference('Session'))),
  readDocuments: one('The documents of a session', ok(200, reference('Documents'))),
  remove: one('Delete a session with its documents', gone),
};
