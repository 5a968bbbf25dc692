import type { MetaFunction } from '@remix-run/node';
import legal from '~/platform/i18n/en/legal.json';
import { useLegalWords } from '~/platform/i18n/legal.ts';
import { useRoot } from '~/platform/root-data.ts';
import { pageMeta } from '~/platform/seo.tsx';
import type { loader as rootLoader } from '~/root.tsx';
import { Page, Prose } from '~/ui/page/page.tsx';

export type LegalPageName = keyof typeof legal;

interface Part {
  title: string;
  /** Paragraphs. */
  words: string[];
  /** What stands there instead in a demo. */
  demo?: string[];
}

/** One of the pages of plain text in the footer: terms, privacy, refunds, imprint. */
export function LegalPage({ name }: { name: LegalPageName }) {
  const { t } = useLegalWords();
  const { demo } = useRoot();
  const parts = t(`${name}.parts`, { returnObjects: true }) as Part[];
  return (
    <Page width="form">
      <Prose>
        <h1 className="t-page">{t(`${name}.title`)}</h1>
        <p>{t(`${name}.lead`)}</p>
        {parts.map((part) => (
          <section key={part.title}>
            <h2 className="t-section">{part.title}</h2>
            {((demo && part.demo) || part.words).map((paragraph) => (
              <p key={paragraph}>{paragraph}</p>
            ))}
          </section>
        ))}
        <p className="ink-3 t-small">{t(`${name}.as_of`)}</p>
      </Prose>
    </Page>
  );
}

/** The head of a legal page. */
export function legalMeta(name: LegalPageName): MetaFunction<unknown, { root: typeof rootLoader }> {
  return ({ matches }) => {
    const root = matches.find((match) => match.id === 'root')?.data as { origin?: string } | undefined;
    return pageMeta({
      title: legal[name].title,
      description: legal[name].lead,
      origin: root?.origin ?? '',
      path: `/${name}`,
    });
  };
}
