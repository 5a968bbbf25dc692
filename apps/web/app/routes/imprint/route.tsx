import { LegalPage, legalMeta } from '~/features/legal/legal-page.tsx';

export const meta = legalMeta('imprint');

export default function Imprint() {
  return <LegalPage name="imprint" />;
}
