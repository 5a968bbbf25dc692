import type { EventPageView } from '@liventix/contracts/events';
import type { EventSnapshot, TierAvailability } from '@liventix/contracts/live';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRemixStub } from '@remix-run/testing';
import { renderToString } from 'react-dom/server';
import { expect, it } from 'vitest';
