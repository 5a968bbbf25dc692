import { describe, expect, it } from 'vitest';
import { pageMeta, scriptSafeJson } from './seo.tsx';

describe('the head of a page', () => {
  it('cannot be closed from inside structured data', () => {
    const json = scriptSafeJson({ name: '</script><script>alert(1)</script><!--' });
    expect(json).not.toMatch(/[<>]/);
    expect(JSON.parse(json)).toEqual({ name: '</script><script>alert(1)</script><!--' });
  });

  it('has one canonical address, and none where it must not be found', () => {
    const open = pageMeta({
      title: 'Moth Season',
      origin: 'https://x.test',
      path: '/events/moth',
      image: '/share/1.png',
    });
    expect(open).toContainEqual({ tagName: 'link', rel: 'canonical', href: 'https://x.test/events/moth' });
    expect(open).toContainEqual({ property: 'og:image', content: 'https://x.test/share/1.png' });
    const hidden = pageMeta({ title: 'Checkout', origin: 'https://x.test', path: '/checkout/1', noindex: true });
    expect(hidden).toContainEqual({ name: 'robots', content: 'noindex, nofollow' });
    expect(JSON.stringify(hidden)).not.toContain('canonical');
  });
});
