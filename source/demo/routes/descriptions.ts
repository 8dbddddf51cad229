// The documents that describe the service: /openapi.json for what is at the root, /docs/openapi.json for the documents
// application, which has its own, as applications that are mounted do.
import { documentSchemas, documentsPrefix } from '../document-operations.ts';
import type { Exchange } from '../exchange.ts';
import { describeRoutes, errorSchema } from '../openapi.ts';
import type { Part } from '../part.ts';
import type { Route } from '../routing-table.ts';
import { chatSchema } from './chat.ts';
import { eventSchema } from './events.ts';

export class DescriptionsPart implements Part {
  readonly name = 'descriptions';
  readonly routes: readonly Route[];

  /** @param root routes at the root, @param documents those of the mounted application */
  constructor(root: readonly Route[], documents: readonly Route[]) {
    const main = describeRoutes(root, {
      title: 'Demo gateway',
      prefix: '',
      schemas: { Error: errorSchema, Event: eventSchema, ChatCompletion: chatSchema },
      securitySchemes: {
        key: { type: 'apiKey', in: 'header', name: 'Authorization', description: 'the key alone, without a scheme' },
        bearer: { type: 'http', scheme: 'bearer' },
      },
    });
    const mounted = describeRoutes(documents, {
      title: 'docman',
      prefix: documentsPrefix,
      schemas: { Error: errorSchema, ...documentSchemas },
      securitySchemes: {},
    });
    const route = (path: string, body: object): Route => ({
      method: 'GET',
      path,
      role: 'watch',
      handle: (exchange: Exchange) => exchange.house.gate.pass(() => exchange.sendJson(200, body)),
    });
    this.routes = [
      route('/openapi.json', main),
      route('/docs/openapi.json', mounted),
      route(`${documentsPrefix}/openapi.json`, mounted),
    ];
  }
}

/** Whether a path belongs to the application that may not be mounted. */
export const isOfDocuments = (path: string): boolean =>
  path === documentsPrefix || path.startsWith(`${documentsPrefix}/`) || path === '/docs/openapi.json';
