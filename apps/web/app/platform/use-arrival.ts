import { useLocation, useNavigation } from '@remix-run/react';
import { useEffect, useRef } from 'react';

/**
 * After a move to another page the reader of the screen hears where she is: the heading takes the focus, unless the new
 * page has put it somewhere itself. The browser does this for a page it loads whole; between pages of one document nobody would.
 */
export function useArrival(): void {
  const { pathname } = useLocation();
  const { state } = useNavigation();
  const at = useRef(pathname);
  useEffect(() => {
    if (state !== 'idle' || at.current === pathname) return;
    at.current = pathname;
    const { activeElement } = document;
    // What was pressed is gone with its page; what the new page has focused itself, a field with an error, stays so.
    if (activeElement && activeElement !== document.body && document.querySelector('main')?.contains(activeElement))
      return;
    const heading = document.querySelector<HTMLElement>('main h1') ?? document.querySelector<HTMLElement>('main');
    if (!heading) return;
    if (!heading.hasAttribute('tabindex')) heading.setAttribute('tabindex', '-1');
    heading.focus({ preventScroll: true });
  }, [pathname, state]);
}
