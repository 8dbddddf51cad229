// The endpoints in an order that keeps still, for whoever shows them as rows.

import { useRef } from 'react';
import type { EndpointState } from '../../session/state.ts';
import { type EndpointSort, instantOf, type Order, orderOf } from '../endpoint-sort.ts';
import type { Seen } from '../seen.ts';

export const useEndpoints = ({ endpoints, now, look }: Seen, sort: EndpointSort): readonly EndpointState[] => {
  const previous = useRef<Order>(undefined);
  const at = instantOf(now, look.frozen !== undefined, previous.current);
  const order = orderOf(endpoints, sort, at, previous.current);
  previous.current = order;
  return order.indices.map((index) => endpoints[index]!);
};
