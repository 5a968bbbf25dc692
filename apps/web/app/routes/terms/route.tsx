import { LegalPage, legalMeta } from '~/features/legal/legal-page.tsx';

export const meta = legalMeta('terms');

export default function Terms() {
  return <LegalPage name="terms" />;
}
