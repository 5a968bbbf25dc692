import i18next, { type i18n as I18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { formatCount } from '../format.ts';
import common from './en/common.json';
import event from './en/event.json';

/**
 * The words of the interface. What every page says is loaded with it; every other namespace comes with the hook that
 * reads it: `useOrganizerWords()` from `~/platform/i18n/organizer.ts`. A page then loads no words of another.
 */

export const LANGUAGES = ['en'] as const;
export type Language = (typeof LANGUAGES)[number];
export const FALLBACK: Language = 'en';

type Words = Record<string, unknown>;

const bundles: Record<Language, Record<string, Words>> = {
  en: { common, event },
};
const instances = new Map<Language, I18n>();

/** Adds a namespace to a language, now and for every instance made later. */
export function addWords(language: Language, namespace: string, words: Words): void {
  bundles[language][namespace] = words;
  instances.get(language)?.addResourceBundle(language, namespace, words, true, true);
}

/** The instance of a language. One for all requests: it holds words only, nothing about a person. */
export function i18nFor(locale: string): I18n {
  const language = (LANGUAGES as readonly string[]).includes(locale) ? (locale as Language) : FALLBACK;
  const known = instances.get(language);
  if (known) return known;
  const made = i18next.createInstance();
  void made.use(initReactI18next).init({
    lng: language,
    fallbackLng: FALLBACK,
    supportedLngs: [...LANGUAGES],
    resources: bundles as never,
    defaultNS: 'common',
    interpolation: {
      // React escapes; doing it twice would show "&amp;".
      escapeValue: false,
      // Every number in a sentence has the language's separators: "60,000 places".
      alwaysFormat: true,
      format: (value: unknown) => (typeof value === 'number' ? formatCount(value, language) : value) as string,
    },
    // Resources are at hand, so the first render has its words on both sides.
    initImmediate: false,
    react: { useSuspense: false },
  });
  instances.set(language, made);
  return made;
}
