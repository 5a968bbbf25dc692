import type { AppRouter } from '@liventix/server/router';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { type ReactNode, useState } from 'react';
import { trpc } from './trpc.ts';

function makeClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // Live rooms and loaders keep data fresh; asking again on focus would only move numbers twice.
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        retry: 1,
      },
      mutations: { retry: false },
    },
  });
}

let ofThisTab: QueryClient | undefined;

/** One client a tab; on the server one a request, so that two people never share a cache. */
export function queryClient(): QueryClient {
  if (typeof window === 'undefined') return makeClient();
  ofThisTab ??= makeClient();
  return ofThisTab;
}

/** Query and mutation options for `useQuery` and `useMutation`: `api.posts.list.queryOptions({ … })`. */
export const api = /* @__PURE__ */ createTRPCOptionsProxy<AppRouter>({ client: trpc, queryClient });

export function QueryProvider({ children }: { children: ReactNode }) {
  const [client] = useState(queryClient);
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}
