import i18next, { type i18n as I18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import checkout from './en/checkout.json';
import common from './en/common.json';
import demo from './en/demo.json';
import discover from './en/discover.json';
import event from './en/event.json';
import feed from './en/feed.json';
import wallet from './en/wallet.json';

/**
 * The words of the interface. What most visitors meet is loaded with the page; large namespaces of few visitors
 * (account, organizer, legal) come with the hook that reads them: `useOrganizerWords()` from `~/platform/i18n/organizer.ts`.
 */

export const LANGUAGES = ['en'] as const;
export type Language = (typeof LANGUAGES)[number];
export const FALLBACK: Language = 'en';

type Words = Record<string, unknown>;

const bundles: Record<Language, Record<string, Words>> = {
  en: { checkout, common, demo, discover, event, feed, wallet },
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
    // React escapes; doing it twice would show "&amp;".
    interpolation: { escapeValue: false },
    // Resources are at hand, so the first render has its words on both sides.
    initImmediate: false,
    react: { useSuspense: false },
  });
  instances.set(language, made);
  return made;
}
