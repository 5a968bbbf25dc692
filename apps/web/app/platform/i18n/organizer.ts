import words from './en/organizer.json';
import { addWords } from './words.ts';

addWords('en', 'organizer', words);
