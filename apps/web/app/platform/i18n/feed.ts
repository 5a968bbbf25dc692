import { useTranslation } from 'react-i18next';
import words from './en/feed.json';
import { addWords } from './words.ts';

addWords('en', 'feed', words);

/** `useTranslation('feed')`; this module brings the words along, so pages that don't need them don't load them. */
export function useFeedWords() {
  return useTranslation('feed');
}
