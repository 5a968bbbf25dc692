import { describe, expect, it } from 'vitest';
import { backTo } from './back-to.ts';

describe('where signing in leads back to', () => {
  it('keeps a page of our own with its query and place', () => {
    expect(backTo('/e/moth-season?tier=2#prices')).toBe('/e/moth-season?tier=2#prices');
  });

  it('never leaves this site, however the address is disguised', () => {
    const tricks = [
      'https://elsewhere.example',
      '//elsewhere.example',
      '/\\elsewhere.example',
      '/\t/elsewhere.example',
      '/\n/elsewhere.example',
      '/.//elsewhere.example',
      '/a/..//elsewhere.example',
      'javascript:alert(1)',
      '',
      null,
      undefined,
    ];
    for (const trick of tricks) expect(backTo(trick), JSON.stringify(trick)).toBe('/');
  });

  it('does not lead in a circle', () => {
    expect(backTo('/sign-in?to=/tickets')).toBe('/');
    expect(backTo('/sign-out', '/settings')).toBe('/settings');
  });
});
