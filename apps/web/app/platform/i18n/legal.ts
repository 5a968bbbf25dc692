import words from './en/legal.json';
import { addWords } from './words.ts';

addWords('en', 'legal', words);
