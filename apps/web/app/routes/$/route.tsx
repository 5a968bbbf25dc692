import { data, type MetaFunction } from '@remix-run/node';
import { DesignedError } from '~/platform/errors.tsx';

/** Whatever no other route knows. */
export function loader() {
  throw data(null, { status: 404 });
}

export const meta: MetaFunction = () => [
  { title: 'Not on the bill · Liventix' },
  { name: 'robots', content: 'noindex' },
];

/** Never shown, but without a component the address would be a bare resource and its error bare text. */
export default function NotFound() {
  return null;
}

export function ErrorBoundary() {
  return <DesignedError />;
}
