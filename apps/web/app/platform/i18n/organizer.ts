import { useTranslation } from 'react-i18next';
import words from './en/organizer.json';
import { addWords } from './words.ts';

addWords('en', 'organizer', words);

/** `useTranslation('organizer')`; this module brings the words along, so pages that don't need them don't load them. */
export function useOrganizerWords() {
  return useTranslation('organizer');
}
