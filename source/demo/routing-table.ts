// Which part of the demo target answers a request: paths with segments in braces, each with its methods. What a route
// says of itself is what /openapi.json says of it.
import type { Exchange } from './exchange.ts';
import type { Operation } from './openapi.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface Route {
  readonly method: Method;
  /** `/sessions/{id}`: a segment in braces takes anything but a slash. */
  readonly path: string;
  /**
   * `operator`: a way in for whoever runs the demo, neither counted nor stalled. `watch`: what a monitor asks for,
   * counted, but none of the users. Else part of the service.
   */
  readonly role?: 'operator' | 'watch';
  /** For the documents; without it a route is in none. */
  readonly operation?: Operation;
  readonly handle: (exchange: Exchange) => void;
}

/** What there is at a path: the route for the method, or the methods that there are. */
export type Place =
  | { readonly path: string; readonly route: Route; readonly values: readonly string[] }
  | { readonly path: string; readonly route?: undefined; readonly allow: string };

interface Entry {
  readonly path: string;
  /** Undefined where a segment may be anything. */
  readonly segments: readonly (string | undefined)[];
  readonly routes: ReadonlyMap<string, Route>;
  readonly allow: string;
}

export class RoutingTable {
  readonly #fixed = new Map<string, Entry>();
  readonly #patterns: Entry[] = [];

  constructor(routes: readonly Route[]) {
    for (const [path, same] of Map.groupBy(routes, (route) => route.path)) {
      const segments = path.split('/').map((segment) => (segment.startsWith('{') ? undefined : segment));
      const entry: Entry = {
        path,
        segments,
        routes: new Map(same.map((route) => [route.method, route])),
        allow: same.map((route) => route.method).join(', '),
      };
      if (segments.includes(undefined)) this.#patterns.push(entry);
      else this.#fixed.set(path, entry);
    }
  }

  /** Undefined where there is nothing at the path, which comes without its query. */
  find(method: string, path: string): Place | undefined {
    const fixed = this.#fixed.get(path);
    if (fixed) return placeOf(fixed, method, []);
    const given = path.split('/');
    const entry = this.#patterns.find((candidate) => fits(candidate, given));
    return (
      entry &&
      placeOf(
        entry,
        method,
        given.filter((_, index) => entry.segments[index] === undefined),
      )
    );
  }
}

const fits = ({ segments }: Entry, given: readonly string[]): boolean =>
  segments.length === given.length &&
  segments.every((segment, index) => (segment === undefined ? given[index] !== '' : segment === given[index]));

const placeOf = ({ path, routes, allow }: Entry, method: string, values: readonly string[]): Place => {
  const route = routes.get(method);
  return route ? { path, route, values } : { path, allow };
};
