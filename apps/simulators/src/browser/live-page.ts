/** Asks the server for this page again and swaps its `data-live` regions, unless someone is typing in one. */
async function refresh(): Promise<void> {
  const response = await fetch(location.href, { headers: { accept: 'text/html' } });
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  for (const region of document.querySelectorAll<HTMLElement>('[data-live]')) {
    const next = fresh.querySelector(`[data-live="${region.dataset.live}"]`);
    const active = document.activeElement;
    const typing = active instanceof HTMLInputElement || active instanceof HTMLSelectElement;
    if (!next || next.innerHTML === region.innerHTML || (typing && region.contains(active))) continue;
    const place = active instanceof HTMLButtonElement && region.contains(active) ? active.textContent : null;
    region.replaceChildren(...next.childNodes);
    // A button that was just pressed keeps the focus through the swap.
    if (place !== null) [...region.querySelectorAll('button')].find((button) => button.textContent === place)?.focus();
  }
}

/** Keeps the page true while it is open; the browser reconnects by itself. */
export function keepLive(address: string): void {
  new EventSource(address).addEventListener('changed', () => void refresh());
}
