import { LegalPage, legalMeta } from '~/features/legal/legal-page.tsx';

export const meta = legalMeta('refunds');

export default function Refunds() {
  return <LegalPage name="refunds" />;
}
