import { RemixI18Next } from 'remix-i18next/server';
import { FALLBACK, LANGUAGES } from './words.ts';

/** Finds the language of a request: `?lng=`, then what the browser accepts. */
export const languageOf = new RemixI18Next({
  detection: { supportedLanguages: [...LANGUAGES], fallbackLanguage: FALLBACK, order: ['searchParams', 'header'] },
});
