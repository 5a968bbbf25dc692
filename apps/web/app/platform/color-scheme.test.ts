import { describe, expect, it } from 'vitest';
import { readSchemeChoice, readZone } from './color-scheme.ts';

describe('what a person chose', () => {
  it('follows the system until something was chosen', () => {
    expect(readSchemeChoice(null)).toBe('auto');
    expect(readSchemeChoice('a=1; lx_scheme=dark; b=2')).toBe('dark');
    expect(readSchemeChoice('lx_scheme=purple')).toBe('auto');
  });

  it('takes a zone only if it exists', () => {
    expect(readZone('lx_zone=Europe%2FLisbon')).toBe('Europe/Lisbon');
    expect(readZone('lx_zone=Mars%2FOlympus')).toBeNull();
    expect(readZone('lx_zone=%E0%A4%A')).toBeNull();
    expect(readZone(null)).toBeNull();
  });
});
