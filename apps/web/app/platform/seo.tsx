import type { MetaDescriptor } from '@remix-run/node';
import { useNonce } from './nonce.ts';

export interface PageFacts {
  /** Without the product's name; it is added. */
  title: string;
  description?: string;
  /** Origin of this installation, from the loader (`context.origin`). */
  origin: string;
  /** Path of the page without query, for the canonical address. */
  path: string;
  /** Absolute, or a path on this origin; 1200 × 630. */
  image?: string;
  type?: 'website' | 'article' | 'profile';
  /** Private pages: checkout, orders, tickets, everything of the organizer. */
  noindex?: boolean;
}

/** The head of a page: title, description, canonical address, and what other sites show when it is shared. */
export function pageMeta({
  title,
  description,
  origin,
  path,
  image,
  type = 'website',
  noindex,
}: PageFacts): MetaDescriptor[] {
  const whole = title === 'Liventix' ? title : `${title} · Liventix`;
  const url = `${origin}${path}`;
  const picture = image && (image.startsWith('/') ? `${origin}${image}` : image);
  return [
    { title: whole },
    ...(description ? [{ name: 'description', content: description }] : []),
    ...(noindex
      ? [{ name: 'robots', content: 'noindex, nofollow' }]
      : [{ tagName: 'link' as const, rel: 'canonical', href: url }]),
    { property: 'og:site_name', content: 'Liventix' },
    { property: 'og:locale', content: 'en_GB' },
    { property: 'og:type', content: type },
    { property: 'og:title', content: title },
    { property: 'og:url', content: url },
    ...(description ? [{ property: 'og:description', content: description }] : []),
    ...(picture
      ? [
          { property: 'og:image', content: picture },
          { property: 'og:image:alt', content: title },
          { property: 'og:image:width', content: '1200' },
          { property: 'og:image:height', content: '630' },
          { name: 'twitter:card', content: 'summary_large_image' },
        ]
      : []),
  ];
}

/** JSON for a script element: nothing in it can close the element or start a comment. */
export function scriptSafeJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Structured data for search engines. Put in only what the page itself shows. */
export function JsonLd({ data }: { data: Record<string, unknown> }) {
  const nonce = useNonce();
  return (
    <script
      type="application/ld+json"
      nonce={nonce}
      suppressHydrationWarning
      dangerouslySetInnerHTML={{ __html: scriptSafeJson({ '@context': 'https://schema.org', ...data }) }}
    />
  );
}
