import type { MantineColorScheme, MantineColorSchemeManager } from '@mantine/core';

const COOKIE = 'lx_scheme';
const ZONE_COOKIE = 'lx_zone';
const YEAR_SECONDS = 31_536_000;

export type SchemeChoice = 'light' | 'dark' | 'auto';

function cookieValue(header: string | null, name: string): string | null {
  for (const pair of (header ?? '').split(';')) {
    const [key, ...rest] = pair.trim().split('=');
    if (key === name) {
      try {
        return decodeURIComponent(rest.join('='));
      } catch {
        return null;
      }
    }
  }
  return null;
}

/** The scheme a person chose, or `auto` to follow the system. */
export function readSchemeChoice(cookieHeader: string | null): SchemeChoice {
  const value = cookieValue(cookieHeader, COOKIE);
  return value === 'light' || value === 'dark' ? value : 'auto';
}

/** The reader's own time zone as the browser told it on an earlier page, or null on the first one. */
export function readZone(cookieHeader: string | null): string | null {
  const value = cookieValue(cookieHeader, ZONE_COOKIE);
  if (!value) return null;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return value;
  } catch {
    return null;
  }
}

/** Tells later pages the browser's zone, so that they are right before JavaScript runs. */
export function rememberZone(zone: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox
  document.cookie = `${ZONE_COOKIE}=${encodeURIComponent(zone)}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
}

/** Keeps the choice in a cookie, so that the server renders the right page and nothing flashes. */
export const cookieSchemeManager: MantineColorSchemeManager = {
  get: (fallback) => (typeof document === 'undefined' ? fallback : readSchemeChoice(document.cookie)),
  set: (value: MantineColorScheme) => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox
    document.cookie = `${COOKIE}=${value}; path=/; max-age=${value === 'auto' ? 0 : YEAR_SECONDS}; samesite=lax`;
  },
  subscribe: () => {},
  unsubscribe: () => {},
  clear: () => {},
};

/** Runs before first paint when the choice is `auto`: Mantine's own rules need the attribute, ours do not. */
export const schemeScript =
  "document.documentElement.setAttribute('data-mantine-color-scheme',matchMedia('(prefers-color-scheme: dark)').matches?'dark':'light')";
