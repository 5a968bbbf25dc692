import { LegalPage, legalMeta } from '~/features/legal/legal-page.tsx';

export const meta = legalMeta('privacy');

export default function Privacy() {
  return <LegalPage name="privacy" />;
}
